import { escapeMarkup, jsonForScript } from '../../core/report/markup';
import type { MessageToWebview } from '../../protocol/webview';

/** What a panel's document loads; addresses as the webview knows them (`asWebviewUri`). */
export interface PanelDocument {
  readonly title: string;
  /** `webview.cspSource` */
  readonly cspSource: string;
  /** Fresh for each document. */
  readonly nonce: string;
  /** dist/webview/<page>.js and .css, dist/webview/codicon.css */
  readonly script: string;
  readonly style: string;
  readonly icons: string;
  /** What the page shows before it has asked for anything; null where that is not known yet. */
  readonly message: MessageToWebview | null;
}

/** The HTML of a panel: an empty root, a live region, a message, and a policy that lets in nothing but our own files. */
export function panelDocument(panel: PanelDocument): string {
  const policy = [
    "default-src 'none'",
    `style-src ${panel.cspSource}`,
    `font-src ${panel.cspSource}`,
    `img-src ${panel.cspSource}`,
    `script-src 'nonce-${panel.nonce}'`,
  ].join('; ');
  const nonce = escapeMarkup(panel.nonce);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeMarkup(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeMarkup(panel.title)}</title>
<link rel="stylesheet" id="vscode-codicon-stylesheet" nonce="${nonce}" href="${escapeMarkup(panel.icons)}">
<link rel="stylesheet" href="${escapeMarkup(panel.style)}">
</head>
<body>
<main id="root"></main>
<div id="announcements" class="hidden-text" aria-live="polite"></div>
<script type="application/json" id="message">${jsonForScript(panel.message)}</script>
<script type="module" nonce="${nonce}" src="${escapeMarkup(panel.script)}"></script>
</body>
</html>
`;
}
