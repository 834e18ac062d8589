import type { WebviewPanel } from 'vscode';

/** A panel as VS Code gives one: whatever is done to it after it was closed throws. */
export function editorPanel() {
  const listeners: { message?: (data: unknown) => void; view?: () => void } = {};
  const disposed: (() => void)[] = [];
  const posted: { kind: string; id: number; value?: unknown; failure?: { message: string } }[] = [];
  let isClosed = false;
  let revealed = 0;
  const webview = {
    ...{ options: {}, cspSource: 'extension:', html: '' },
    asWebviewUri: (uri: unknown) => uri,
    onDidReceiveMessage: (listener: (data: unknown) => void) => (listeners.message = listener),
    postMessage: (message: (typeof posted)[number]) => {
      if (isClosed) throw new Error('Webview is disposed');
      posted.push(message);
    },
  };
  const panel = {
    title: 'A page',
    active: false,
    reveal: () => (revealed += 1),
    webview,
    onDidChangeViewState: (listener: () => void) => (listeners.view = listener),
    onDidDispose: (listener: () => void) => disposed.push(listener),
  };
  let calls = 0;
  return {
    panel: panel as unknown as WebviewPanel,
    posted,
    revealed: () => revealed,
    /** The reader looks at it. */
    focus: () => {
      panel.active = true;
      listeners.view!();
    },
    document: () => webview.html,
    call: async (method: string, params: object = {}) => {
      calls += 1;
      listeners.message!({ kind: 'call', id: calls, method, params });
      await new Promise((resolve) => setTimeout(resolve));
      return posted.filter(({ id, kind }) => id === calls && kind !== 'progress').at(-1);
    },
    news: () => posted.filter(({ kind }) => kind === 'progress').map(({ value }) => value),
    close: () => {
      isClosed = true;
      for (const listener of disposed) listener();
    },
  };
}

/** What an editor was given that brings panels back. */
interface Serializer {
  deserializeWebviewPanel: (panel: unknown, state: unknown) => Promise<void>;
}

/** An editor that opens panels: for `vi.mock('vscode')`, beside what the fake editor has; with all that it opened. */
export function fakePanels() {
  const opened: ReturnType<typeof editorPanel>[] = [];
  const serializers: Serializer[] = [];
  const vscode = {
    ViewColumn: { Active: -1, Beside: -2 },
    env: { language: 'en' },
    Uri: { joinPath: (base: string, ...parts: string[]) => [base, ...parts].join('/') },
    window: {
      createWebviewPanel: () => {
        const made = editorPanel();
        opened.push(made);
        return made.panel;
      },
      registerWebviewPanelSerializer: (_: string, serializer: Serializer) => {
        serializers.push(serializer);
        return { dispose: () => undefined };
      },
    },
  };
  return { opened, serializers, vscode };
}
