import { forMarkup } from '../../core/common/foreignText';

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
}

/** The HTML of a panel: an empty root, a live region, and a policy that lets in nothing but our own files. */
export function panelDocument(panel: PanelDocument): string {
  const policy = [
    "default-src 'none'",
    `style-src ${panel.cspSource}`,
    `font-src ${panel.cspSource}`,
    `img-src ${panel.cspSource}`,
    `script-src 'nonce-${panel.nonce}'`,
  ].join('; ');
  const nonce = forMarkup(panel.nonce);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${forMarkup(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${forMarkup(panel.title)}</title>
<link rel="stylesheet" id="vscode-codicon-stylesheet" nonce="${nonce}" href="${forMarkup(panel.icons)}">
<link rel="stylesheet" href="${forMarkup(panel.style)}">
</head>
<body>
<main id="root"></main>
<div id="announcements" class="hidden-text" aria-live="polite"></div>
<script type="module" nonce="${nonce}" src="${forMarkup(panel.script)}"></script>
</body>
</html>
`;
}
