import { LensError } from '../../core/common/errors';
import { clearProfile } from '../../core/profile/clearProfile';
import { readTables } from '../../core/profile/sitesFile';
import { lockFolder } from '../files/folderLock';
import { FolderStore } from '../files/folderStore';
import { contentOf } from './folderContent';
import { removeAside, removeDraft } from './replacement';
import { removeIfEmpty, sweepProfile } from './sweepProfile';

/**
 * Deletes a profile from the disk, also a damaged one, or what is left of one. Whatever else lies in its folder stays.
 * @param isKnown whether the folder is known for a profile's by more than what is in it
 * @returns whether the folder is gone
 * @throws LensError `usage` where there is no profile, `profile-locked` while one is being written, `write-failed`
 */
export async function deleteProfile(folder: string, isKnown: boolean): Promise<boolean> {
  if (!isKnown && !(await isProfile(folder))) {
    throw new LensError(
      'usage',
      `${folder} cannot be told for a profile any more, so it is not deleted. Delete the folder yourself if you do not need what is in it.`,
    );
  }
  const lock = await lockFolder(folder);
  try {
    await removeDraft(folder);
    await removeAside(folder);
    await clearProfile(new FolderStore(folder));
    await sweepProfile(folder);
  } finally {
    await lock.release();
  }
  return removeIfEmpty(folder);
}

/** A damaged profile is known by its list of sites, which nothing else looks like. */
async function isProfile(folder: string): Promise<boolean> {
  try {
    return (await contentOf(folder)).kind !== 'foreign';
  } catch (thrown) {
    if (!(thrown instanceof LensError)) throw thrown;
    if (thrown.code === 'newer-profile') return true;
    if (thrown.code !== 'usage') throw thrown;
    return readTables(new FolderStore(folder)).then(
      () => true,
      () => false,
    );
  }
}
