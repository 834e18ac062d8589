import {
  ANNEX_FOLDER,
  annexOf,
  corpusFile,
  MANIFEST_FILE,
  metricsFile,
  SEGMENT_FOLDER,
  SITES_FILE,
  SNAPSHOT_FOLDER,
  TEXT_FOLDER,
} from './profileFiles';

/** Files at a profile's root. */
export const ROOT_FILES = [MANIFEST_FILE, SITES_FILE, metricsFile(null), corpusFile(null)] as const;
/** Folders at a profile's root, which hold one numbered folder a piece. */
export const ROOT_FOLDERS = [TEXT_FOLDER, SEGMENT_FOLDER, SNAPSHOT_FOLDER, ANNEX_FOLDER] as const;

const PIECE_FOLDER = /^((segments|snapshots|texts)(\/\d{4,})?|annexes(\/[a-z][a-z-]*-\d{4,})?)$/;
const TABLE = String.raw`(enc-|dec-)?L\d+[a-z]?(\.E\d+)?\.(act|pre|gate|up)|population|documents`;
const PIECE_FILES = [
  new RegExp(String.raw`^segments\/\d{4,}\/(${TABLE})\.arrow$`),
  new RegExp(String.raw`^snapshots\/\d{4,}\/(${TABLE}|metrics|files)\.arrow$`),
  /^texts\/\d{4,}\/(tokens\.arrow|blocks\.arrow|text\.deflate)$/,
];

/**
 * Whether a writer of profiles gives a file this name, relative to the profile's folder. Nothing else that lies in such
 * a folder is ever removed.
 */
export function isOwnFile(name: string): boolean {
  return (
    ROOT_FILES.some((file) => file === name) ||
    PIECE_FILES.some((pattern) => pattern.test(name)) ||
    annexOf(name) !== null
  );
}

/** As `isOwnFile`, of a folder. */
export function isOwnFolder(name: string): boolean {
  return PIECE_FOLDER.test(name);
}
