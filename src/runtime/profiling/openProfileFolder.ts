import { openProfile, type Profile } from '../../core/profile/openProfile';
import { deflate } from '../files/deflate';
import { FileStates } from '../files/fileState';
import { FolderStore } from '../files/folderStore';

/**
 * Opens a profile for reading.
 * @param root where its corpus lies on this machine, if not where the profile says
 * @throws LensError when the folder holds no profile, a damaged one, or one of a newer version
 */
export function openProfileFolder(folder: string, root?: string): Promise<Profile> {
  const byRoot = new Map<string, FileStates>();
  return openProfile({
    store: new FolderStore(folder),
    compression: deflate,
    ...(root !== undefined && { root }),
    async fileChanged(corpusRoot, file) {
      const states = byRoot.get(corpusRoot) ?? new FileStates(corpusRoot);
      byRoot.set(corpusRoot, states);
      return (await states.stateOf(file)) !== 'same';
    },
  });
}
