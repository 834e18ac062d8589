import { formatSite, type SiteAddress } from '../common/neuronAddress';
import type { Quantity } from '../onnx/site';

/** Names of the files in a profile folder (docs/profile-format.md). */
export const MANIFEST_FILE = 'manifest.json';
export const SITES_FILE = 'sites.json';
export const SEGMENT_FOLDER = 'segments';
export const SNAPSHOT_FOLDER = 'snapshots';
export const TEXT_FOLDER = 'texts';
export const ANNEX_FOLDER = 'annexes';

export function segmentName(number: number): string {
  return `${SEGMENT_FOLDER}/${fourDigits(number)}`;
}

export function snapshotName(number: number): string {
  return `${SNAPSHOT_FOLDER}/${fourDigits(number)}`;
}

export function textPartName(number: number): string {
  return `${TEXT_FOLDER}/${fourDigits(number)}`;
}

/** `L3.act`, and `enc-L3.act` where a colon would not be a file name everywhere. */
export function tableStem(site: SiteAddress, quantity: Quantity): string {
  return `${formatSite(site).replace(':', '-')}.${quantity}`;
}

export function summaryFile(segment: string, site: SiteAddress, quantity: Quantity): string {
  return `${segment}/${tableStem(site, quantity)}.arrow`;
}

export function documentsFile(segment: string): string {
  return `${segment}/documents.arrow`;
}

/** What a segment holds of each table beside its neurons: counts of what was left out, random places. */
export function populationFile(segment: string): string {
  return `${segment}/population.arrow`;
}

/** @param snapshot folder of the snapshot in use, or null for the files of a finished profile. */
export function metricsFile(snapshot: string | null): string {
  return snapshot === null ? 'metrics.arrow' : `${snapshot}/metrics.arrow`;
}

/** @param snapshot as for `metricsFile`. */
export function corpusFile(snapshot: string | null): string {
  return snapshot === null ? 'files.arrow' : `${snapshot}/files.arrow`;
}

export function textFiles(part: number): { tokens: string; blocks: string; text: string } {
  const folder = textPartName(part);
  return {
    tokens: `${folder}/tokens.arrow`,
    blocks: `${folder}/blocks.arrow`,
    text: `${folder}/text.deflate`,
  };
}

/** @param number the next one where an annex takes another's place. */
export function annexFolder(name: string, number: number): string {
  return `${ANNEX_FOLDER}/${name}-${fourDigits(number)}`;
}

const ANNEX_FILE = /^(annexes\/([a-z][a-z-]*)-(\d{4,}))\/(\w[\w.-]*)$/;

/** What the name of an annex's file says; null for any other. */
export function annexOf(
  path: string,
): { readonly folder: string; readonly name: string; readonly number: number; readonly file: string } | null {
  const match = ANNEX_FILE.exec(path);
  if (!match) return null;
  const [, folder, name, number, file] = match;
  return { folder: folder!, name: name!, number: Number(number), file: file! };
}

/** Whether readers take only parts of a file in: its rows or blocks have checks of their own. */
export function isReadByRange(name: string): boolean {
  if (name.startsWith(`${TEXT_FOLDER}/`)) return !name.endsWith('/blocks.arrow');
  return /^(segments|snapshots)\/\d+\/(?!(documents|population|metrics|files)\.arrow$)/.test(name);
}

function fourDigits(number: number): string {
  return String(number).padStart(4, '0');
}

/** The annex with the figures of the weights of all neurons. */
export const WEIGHTS_ANNEX = 'weights';

/** Whether a profile's lists can be ranked by weights without its model. */
export function hasWeights({ files }: { readonly files: Readonly<Record<string, unknown>> | null }): boolean {
  return Object.keys(files ?? {}).some((file) => annexOf(file)?.name === WEIGHTS_ANNEX);
}
