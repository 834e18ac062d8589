import { mkdir, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { clearProfile } from '../../core/profile/clearProfile';
import { ROOT_FILES, ROOT_FOLDERS } from '../../core/profile/ownNames';
import { MANIFEST_FILE, SITES_FILE } from '../../core/profile/profileFiles';
import { writeError } from '../files/fileErrors';
import { FolderStore } from '../files/folderStore';
import { findPlain, plainEntry } from '../files/plainPath';
import { flushFolder } from '../files/writeAtomically';
import { removeIfEmpty, sweepProfile } from './sweepProfile';

/** Folder within a profile's own that holds the one which is to take its place. */
export const DRAFT_FOLDER = '.replacement';
/** Folder within a profile's own that holds the one whose place has been taken, until it is removed. */
export const ASIDE_FOLDER = '.replaced';

/** Manifest first when a profile goes away, last when one comes: a folder with a manifest is a whole profile. */
const GOING = [MANIFEST_FILE, ...[...ROOT_FILES, ...ROOT_FOLDERS].filter((name) => name !== MANIFEST_FILE)];
/** The sites first: a draft without them is one that is on its way in. */
const COMING = [SITES_FILE, ...GOING.filter((name) => name !== SITES_FILE).reverse()];

/**
 * Puts the draft in the place of the profile that is there, if one is, and removes that one. The writer holds the lock.
 * A kill on the way leaves what `finishReplacement` goes on with.
 * @throws LensError `write-failed`
 */
export async function replaceByDraft(folder: string): Promise<void> {
  await sweepProfile(join(folder, DRAFT_FOLDER));
  await putAside(folder);
  await moveIn(folder, DRAFT_FOLDER);
  await removeAside(folder);
}

/** Goes on with a replacement that was cut off by a kill. The caller holds the lock. @throws LensError `write-failed` */
export async function finishReplacement(folder: string): Promise<void> {
  const source = await interruptedBy(folder);
  if (source === DRAFT_FOLDER && (await has(folder, `${DRAFT_FOLDER}/${SITES_FILE}`))) await putAside(folder);
  if (source !== null) await moveIn(folder, source);
  if (await has(folder, MANIFEST_FILE)) await removeAside(folder);
}

/** Where the manifest is that a kill kept from the folder's root, or null where nothing was cut off. */
export async function interruptedBy(folder: string): Promise<string | null> {
  if (await has(folder, MANIFEST_FILE)) return null;
  const isAside = await has(folder, `${ASIDE_FOLDER}/${MANIFEST_FILE}`);
  if (!(await has(folder, `${DRAFT_FOLDER}/${MANIFEST_FILE}`))) return isAside ? ASIDE_FOLDER : null;
  return isAside || !(await has(folder, `${DRAFT_FOLDER}/${SITES_FILE}`)) ? DRAFT_FOLDER : null;
}

/** Removes an unfinished draft. @throws LensError `write-failed` */
export async function removeDraft(folder: string): Promise<void> {
  await removeWhole(join(folder, DRAFT_FOLDER));
}

/** Removes a profile whose place has been taken. @throws LensError `write-failed` */
export async function removeAside(folder: string): Promise<void> {
  await removeWhole(join(folder, ASIDE_FOLDER));
}

async function putAside(folder: string): Promise<void> {
  await move(folder, join(folder, ASIDE_FOLDER), GOING);
}

async function moveIn(folder: string, from: string): Promise<void> {
  await move(join(folder, from), folder, COMING);
  await removeIfEmpty(join(folder, from));
}

async function move(from: string, to: string, names: readonly string[]): Promise<void> {
  try {
    const present = await readdir(from);
    if (!names.some((name) => present.includes(name))) return;
    await mkdir(to, { recursive: true });
    for (const name of names) {
      if (present.includes(name)) await rename(join(from, name), join(to, name));
    }
    await flushFolder(to);
  } catch (thrown) {
    throw writeError(to, thrown);
  }
}

async function removeWhole(folder: string): Promise<void> {
  if ((await plainEntry(folder)) === null) return;
  await clearProfile(new FolderStore(folder));
  await sweepProfile(folder);
  await removeIfEmpty(folder);
}

async function has(folder: string, name: string): Promise<boolean> {
  return (await findPlain(folder, name)) !== null;
}
