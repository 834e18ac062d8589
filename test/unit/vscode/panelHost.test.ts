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
  let document = '';
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
    set html(html: string) {
      requireOpen();
      document = html;
    },
  };
  const panel = {
    title: 'A page',
    webview,
    onDidDispose: (listener: () => void) => (listeners.dispose = listener),
  };
  return {
    panel: panel as unknown as WebviewPanel,
    posted,
    document: () => document,
    say: (data: unknown) => listeners.message!(data),
    close: () => {
      isClosed = true;
      listeners.dispose!();
    },
  };
}

it('loads a page with its message in it, passes messages on, and leaves a closed panel alone', () => {
  const editor = editorPanel();
  const heard: MessageToHost[] = [];
  const host = hostPanel(context, editor.panel, 'neuron', (message) => heard.push(message));
  host.load({ type: 'notice', text: 'Copied </script>.' });
  const [, message] =
    /<script type="application\/json" id="message">(.*?)<\/script>/.exec(editor.document()) ?? [];
  expect(JSON.parse(message!)).toEqual({ v: 1, type: 'notice', text: 'Copied </script>.' });
  editor.say({ v: 1, type: 'ready', drawn: true });
  editor.say({ v: 1, type: 'unheard of' });
  expect(heard).toEqual([{ v: 1, type: 'ready', drawn: true }]);
  host.post({ type: 'notice', text: 'Saved.' });
  editor.close();
  host.post({ type: 'notice', text: 'Too late.' });
  host.load(null);
  expect(editor.posted).toEqual([{ v: 1, type: 'notice', text: 'Saved.' }]);
  expect(editor.document()).toContain('Copied');
});
