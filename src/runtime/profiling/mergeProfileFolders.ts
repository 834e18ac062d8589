import { createHash } from 'node:crypto';
import type { Manifest } from '../../core/profile/manifest';
import { mergeProfiles } from '../../core/profile/mergeProfiles';
import { lockFolder } from '../files/folderLock';
import { FolderStore } from '../files/folderStore';

/**
 * Makes one profile of several in a new folder.
 * @throws LensError when they do not belong together, or the folder holds a profile already
 */
export async function mergeProfileFolders(
  folders: readonly string[],
  out: string,
  tool: string,
): Promise<Manifest> {
  const lock = await lockFolder(out);
  const sources = folders.map((name) => ({ name, store: new FolderStore(name) }));
  try {
    return await mergeProfiles({
      sources,
      store: new FolderStore(out),
      tool,
      sha256: (text) => createHash('sha256').update(text).digest('hex'),
      clock: () => Date.now(),
    });
  } finally {
    await Promise.all(sources.map(({ store }) => store.close()));
    await lock.release();
  }
}
