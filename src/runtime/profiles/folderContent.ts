import type { Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { LensError } from '../../core/common/errors';
import { findManifest } from '../../core/profile/manifestFile';
import { isOwnFile, ROOT_FILES, ROOT_FOLDERS } from '../../core/profile/ownNames';
import { MANIFEST_FILE, SITES_FILE, SNAPSHOT_FOLDER } from '../../core/profile/profileFiles';
import { readTables } from '../../core/profile/sitesFile';
import { systemCode, writeError } from '../files/fileErrors';
import { isLock, LOCK_FILE } from '../files/folderLock';
import { FolderStore } from '../files/folderStore';
import { isTemporary } from '../files/temporaryFiles';
import { ASIDE_FOLDER, DRAFT_FOLDER, interruptedBy } from './replacement';

/**
 * What a folder is to one who would write a profile there: without anything; with what a run left that was killed
 * before its first manifest; a profile, also one whose replacement was cut off; or somebody's, by the first thing in it that no writer of profiles made.
 */
export type FolderContent =
  { readonly kind: 'nothing' | 'leavings' | 'profile' } | { readonly kind: 'foreign'; readonly name: string };

/**
 * Looks into a folder, which need not be there.
 * @throws LensError `newer-profile`; `usage` for a manifest that is no profile's; `write-failed` for what is no folder
 */
export async function contentOf(folder: string): Promise<FolderContent> {
  const entries = await entriesOf(folder);
  if (entries.length === 0) return { kind: 'nothing' };
  if (entries.some(({ name }) => name === MANIFEST_FILE)) {
    await requireOurManifest(folder);
    return { kind: 'profile' };
  }
  const cutOff = await interruptedBy(folder);
  if (cutOff !== null && (await isReadable(findManifest(new FolderStore(join(folder, cutOff)))))) {
    return { kind: 'profile' };
  }
  for (const entry of entries) {
    if (!(await isLeaving(folder, entry))) return { kind: 'foreign', name: entry.name };
  }
  return { kind: 'leavings' };
}

/** Without one of these, a folder holds nothing of a profile. */
const MARKS = [MANIFEST_FILE, SITES_FILE, LOCK_FILE, DRAFT_FOLDER, ASIDE_FOLDER];

/**
 * Which of the names in a folder are those of a profile there, or of what is left of one. What the user keeps beside it
 * is not among them.
 */
export async function profileEntries(
  folder: string,
  names: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  if (!MARKS.some((mark) => names.has(mark))) return new Set();
  const kind = await contentOf(folder).then(
    (content) => content.kind,
    (thrown: unknown) =>
      thrown instanceof LensError && thrown.code === 'newer-profile' ? 'profile' : 'foreign',
  );
  if (kind === 'leavings') return names;
  if (kind !== 'profile') return new Set();
  const own = [...ROOT_FILES, ...ROOT_FOLDERS, LOCK_FILE, DRAFT_FOLDER, ASIDE_FOLDER];
  return new Set([...names].filter((name) => own.includes(name) || isTemporary(name)));
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (thrown) {
    if (systemCode(thrown) !== 'ENOENT') throw writeError(folder, thrown);
  }
  const link = await lstat(folder).catch(() => null);
  if (link === null) return [];
  // Made by another process meanwhile.
  if (!link.isSymbolicLink()) return entriesOf(folder);
  throw new LensError(
    'usage',
    `${folder} is a link to nothing. Choose another folder, or make the one that it leads to.`,
  );
}

/** A manifest.json is in every web extension and many a package: only one that reads as ours makes a profile. */
async function requireOurManifest(folder: string): Promise<void> {
  try {
    await findManifest(new FolderStore(folder));
  } catch (thrown) {
    if (thrown instanceof LensError && thrown.code !== 'invalid-profile') throw thrown;
    throw new LensError(
      'usage',
      `${join(folder, MANIFEST_FILE)} is not the manifest of a profile, or is damaged, so nothing in ${folder} was touched. Choose another folder.`,
      { cause: thrown },
    );
  }
}

/** Whether a run that was killed before it had a manifest, or amid a replacement, leaves such a thing. */
async function isLeaving(folder: string, entry: Dirent): Promise<boolean> {
  const { name } = entry;
  if (entry.isFile()) {
    if (name === SITES_FILE) return isReadable(readTables(new FolderStore(folder)));
    return isTemporary(name) || isLock(folder, name);
  }
  if (!entry.isDirectory()) return false;
  if (name === SNAPSHOT_FOLDER) return holdsOnlyOwn(folder, name);
  return [DRAFT_FOLDER, ASIDE_FOLDER].includes(name) && holdsOnlyOwn(join(folder, name), '');
}

/** Whether all files below a folder of a profile have names that its writers give. */
async function holdsOnlyOwn(profile: string, folder: string): Promise<boolean> {
  return new FolderStore(profile).list(folder).then(
    (files) => files.every(isOwnFile),
    () => false,
  );
}

function isReadable(reading: Promise<unknown>): Promise<boolean> {
  return reading.then(
    () => true,
    () => false,
  );
}
