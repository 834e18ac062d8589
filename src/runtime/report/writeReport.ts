import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LensError } from '../../core/common/errors';
import { type ReportData, reportDocument } from '../../core/report/reportDocument';
import { writeAtomically } from '../files/writeAtomically';

/**
 * Writes a report whole or not at all.
 * @param bundles folder of the bundled pages
 * @throws LensError `internal` when the program was not built, `write-failed` or `disk-full`
 */
export async function writeReport(data: ReportData, file: string, bundles: string): Promise<void> {
  const document = reportDocument(data, {
    script: await readBundle(bundles, 'report.js'),
    style: await readBundle(bundles, 'report.css'),
    sha256: (text) => createHash('sha256').update(text).digest('base64'),
  });
  await writeAtomically(file, [new TextEncoder().encode(document)]);
}

async function readBundle(bundles: string, name: string): Promise<string> {
  try {
    return await readFile(join(bundles, name), 'utf8');
  } catch (cause) {
    const message = `A part of the report is missing from ${bundles}: build the program anew with "npm run build".`;
    throw new LensError('internal', message, { cause });
  }
}
