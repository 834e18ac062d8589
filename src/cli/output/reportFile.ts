import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LensError } from '../../core/common/errors';
import { type ReportData, reportDocument } from '../../core/report/reportDocument';
import { writeAtomically } from '../../runtime/files/writeAtomically';

/** Folder of the bundled pages, beside the command's own bundle. */
const BUNDLES = join(__dirname, 'webview');

/**
 * Writes a report whole or not at all.
 * @throws LensError `internal` when the program was not built, `write-failed` or `disk-full`
 */
export async function writeReport(data: ReportData, file: string): Promise<void> {
  const document = reportDocument(data, {
    script: await readBundle('report.js'),
    style: await readBundle('report.css'),
    sha256: (text) => createHash('sha256').update(text).digest('base64'),
  });
  await writeAtomically(file, [new TextEncoder().encode(document)]);
}

async function readBundle(name: string): Promise<string> {
  try {
    return await readFile(join(BUNDLES, name), 'utf8');
  } catch (cause) {
    const message = `A part of the report is missing from ${BUNDLES}: build the program anew with "npm run build".`;
    throw new LensError('internal', message, { cause });
  }
}
