import { readdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isOwnFolder, ROOT_FOLDERS } from '../../core/profile/ownNames';
import { isMissing, systemCode, writeError } from '../files/fileErrors';
import { plainEntry } from '../files/plainPath';
import { sweepTemporaries } from '../files/temporaryFiles';

/**
 * Removes from a profile's folder what killed writers left: files half written, and folders with nothing in them.
 * @throws LensError `write-failed`; `unreadable-file` for a link in the place of a folder
 */
export async function sweepProfile(folder: string): Promise<void> {
  await sweepTemporaries(folder);
  for (const name of ROOT_FOLDERS) {
    const pieces = (await isFolder(join(folder, name))) ? await readdir(join(folder, name)) : [];
    for (const piece of pieces.filter((found) => isOwnFolder(`${name}/${found}`))) {
      const path = join(folder, name, piece);
      if (!(await isFolder(path))) continue;
      await sweepTemporaries(path);
      await removeIfEmpty(path);
    }
    await removeIfEmpty(join(folder, name));
  }
}

/** Removes a folder if there is nothing in it. @returns whether it is gone @throws LensError `write-failed` */
export async function removeIfEmpty(folder: string): Promise<boolean> {
  try {
    await rmdir(folder);
    return true;
  } catch (thrown) {
    if (isMissing(thrown)) return true;
    if (['ENOTEMPTY', 'EEXIST', 'EBUSY'].includes(systemCode(thrown) ?? '')) return false;
    throw writeError(folder, thrown);
  }
}

async function isFolder(path: string): Promise<boolean> {
  return (await plainEntry(path))?.isDirectory() ?? false;
}
