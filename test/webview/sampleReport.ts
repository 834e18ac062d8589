import { createHash } from 'node:crypto';
import { type ReportData, reportDocument } from '../../src/core/report/reportDocument';
import { bundleWebviews } from '../../tools/build/webview.mjs';

/** A report with the script and style sheet as they are now. */
export async function reportHtml(data: ReportData): Promise<string> {
  const bundles = await bundleWebviews();
  const text = (name: string): string => new TextDecoder().decode(bundles.get(name));
  return reportDocument(data, {
    script: text('report.js'),
    style: text('report.css'),
    sha256: (content) => createHash('sha256').update(content).digest('base64'),
  });
}
