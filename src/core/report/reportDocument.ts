import { forMarkup, jsonForScript } from '../common/foreignText';
import type { NamedNeuronPage } from '../concepts/neuronMeaning';

/** What a report shows: the pages of some neurons of one profile. */
export interface ReportData {
  /** Name of the profile. */
  readonly profile: string;
  /** At least one, all of the same profile, in the order in which they are shown. */
  readonly pages: readonly NamedNeuronPage[];
}

/** The bundled script and style sheet of a report (dist/webview/report.*) and how to hash them. */
export interface ReportBundles {
  readonly script: string;
  readonly style: string;
  /** SHA-256 of a text as UTF-8, in base64. */
  sha256(text: string): string;
}

/**
 * A report as one HTML file: it loads nothing, and runs nothing but its own script, named by its hash in the policy.
 */
export function reportDocument(data: ReportData, bundles: ReportBundles): string {
  const script = bundles.script.replace(/<(?=!--|\/?script)/gi, '\\x3c');
  const { style } = bundles;
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${bundles.sha256(script)}'`,
    `style-src 'sha256-${bundles.sha256(style)}'`,
    'font-src data:',
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${forMarkup(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${forMarkup(`Neurons of ${data.profile}`)}</title>
<style>${style}</style>
</head>
<body class="vscode-light">
<main id="root"></main>
<noscript>This report draws its pages with the script that it contains. Allow scripts to read it.</noscript>
<script type="application/json" id="data">${jsonForScript(data)}</script>
<script>${script}</script>
</body>
</html>
`;
}
