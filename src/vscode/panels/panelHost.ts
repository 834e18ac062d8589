import { randomBytes } from 'node:crypto';
import { env, Uri, type ExtensionContext, type Webview, type WebviewPanel } from 'vscode';
import {
  readMessageToHost,
  type MessageToHost,
  type MessageToWebview,
  type Preferences,
} from '../../protocol/webview';
import type { PinnedNeurons } from '../pins/pinnedNeurons';
import type { CurrentProfile } from '../profiles/currentProfile';
import type { ProfileLibrary } from '../profiles/profileLibrary';
import type { ProfileRuns } from '../profiles/profileRuns';
import { settings } from '../settings';
import type { EngineClient } from '../engineClient/engineClient';
import { panelDocument } from './panelDocument';
import type { Log } from '../surfaces/log';

/** What panels of every kind answer with. */
export interface PanelServices {
  readonly context: ExtensionContext;
  readonly log: Log;
  readonly engine: EngineClient;
  readonly library: ProfileLibrary;
  readonly current: CurrentProfile;
  readonly runs: ProfileRuns;
  readonly pins: PinnedNeurons;
}

type WithoutVersion<Message> = Message extends { v: 1 } ? Omit<Message, 'v'> : never;

/** A panel's document with its messages checked on the way in. Of a panel that was closed meanwhile it takes no notice. */
export interface PanelHost {
  post(message: WithoutVersion<MessageToWebview>): void;
}

/** The folder that panels may load from: our own bundles, and nothing of the workspace. */
export function panelOptions(context: ExtensionContext) {
  return { enableScripts: true, localResourceRoots: [webviewFolder(context)] };
}

/**
 * Fills a panel with one of the bundled pages.
 * @param page name of the bundle in dist/webview
 * @param receive called with every message of the page that is one
 */
export function hostPanel(
  context: ExtensionContext,
  panel: WebviewPanel,
  page: string,
  receive: (message: MessageToHost) => void,
): PanelHost {
  const { webview } = panel;
  webview.options = panelOptions(context);
  webview.onDidReceiveMessage((data: unknown) => {
    const message = readMessageToHost(data);
    if (message) receive(message);
  });
  webview.html = panelDocument({
    title: panel.title,
    cspSource: webview.cspSource,
    nonce: randomBytes(16).toString('base64'),
    script: address(context, webview, `${page}.js`),
    style: address(context, webview, `${page}.css`),
    icons: address(context, webview, 'codicon.css'),
  });
  let closed = false;
  panel.onDidDispose(() => (closed = true));
  return {
    post: (message) => {
      if (!closed) void webview.postMessage({ v: 1, ...message });
    },
  };
}

/** What a page's tab shows. */
export function panelIcon(context: ExtensionContext) {
  const icons = Uri.joinPath(context.extensionUri, 'media', 'icons');
  return { light: Uri.joinPath(icons, 'page-light.svg'), dark: Uri.joinPath(icons, 'page-dark.svg') };
}

/** How pages write numbers, and which keys they leave to the editor. */
export function preferences(): Preferences {
  return {
    language: env.language,
    singleKeyShortcuts: settings.singleKeyShortcuts(),
  };
}

function address(context: ExtensionContext, webview: Webview, file: string): string {
  return webview.asWebviewUri(Uri.joinPath(webviewFolder(context), file)).toString();
}

function webviewFolder(context: ExtensionContext): Uri {
  return Uri.joinPath(context.extensionUri, 'dist', 'webview');
}
