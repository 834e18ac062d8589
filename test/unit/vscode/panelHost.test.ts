import { expect, it, vi } from 'vitest';
import type { ExtensionContext, WebviewPanel } from 'vscode';
import type { MessageToHost } from '../../../src/protocol/webview';
import { hostPanel } from '../../../src/vscode/panels/panelHost';

vi.mock('vscode', () => ({
  env: {},
  workspace: {},
  Uri: { joinPath: (base: string, ...parts: string[]) => [base, ...parts].join('/') },
}));

const context = { extensionUri: 'extension:' } as unknown as ExtensionContext;

/** A panel as VS Code gives one: whatever is done to it after it was closed throws. */
function editorPanel() {
  const listeners: { message?: (data: unknown) => void; dispose?: () => void } = {};
  const posted: unknown[] = [];
  let isClosed = false;
  const requireOpen = () => {
    if (isClosed) throw new Error('Webview is disposed');
  };
  const webview = {
    options: {},
    cspSource: 'extension:',
    asWebviewUri: (uri: unknown) => uri,
    onDidReceiveMessage: (listener: (data: unknown) => void) => (listeners.message = listener),
    postMessage: (message: unknown) => {
      requireOpen();
      posted.push(message);
    },
    html: '',
  };
  const panel = {
    title: 'A page',
    webview,
    onDidDispose: (listener: () => void) => (listeners.dispose = listener),
  };
  return {
    panel: panel as unknown as WebviewPanel,
    posted,
    document: () => webview.html,
    say: (data: unknown) => listeners.message!(data),
    close: () => {
      isClosed = true;
      listeners.dispose!();
    },
  };
}

it('loads a page, passes messages on, and leaves a closed panel alone', () => {
  const editor = editorPanel();
  const heard: MessageToHost[] = [];
  const host = hostPanel(context, editor.panel, 'neuron', (message) => heard.push(message));
  expect(editor.document()).toContain('src="extension:/dist/webview/neuron.js"');
  editor.say({ v: 1, type: 'ready' });
  editor.say({ v: 1, type: 'unheard of' });
  expect(heard).toEqual([{ v: 1, type: 'ready' }]);
  host.post({ type: 'notice', text: 'Saved.' });
  editor.close();
  host.post({ type: 'notice', text: 'Too late.' });
  expect(editor.posted).toEqual([{ v: 1, type: 'notice', text: 'Saved.' }]);
});
