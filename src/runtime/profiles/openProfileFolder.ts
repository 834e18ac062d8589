import { openProfile, type Profile } from '../../core/profile/openProfile';
import { deflate } from '../files/deflate';
import { FileStates } from '../files/fileState';
import { FolderStore } from '../files/folderStore';
import { settleFolder } from './settleFolder';

/** A profile that is open, with the files that it keeps open. */
export interface OpenedProfile extends Profile {
  close(): Promise<void>;
}

/**
 * Opens a profile for reading. It brings Arrow with it: an editor loads this module when it is first needed.
 * @param root where the corpus lies on this machine, by the root that the manifest names
 * @throws LensError when the folder holds no profile, a damaged one, or one of a newer version
 */
export async function openProfileFolder(
  folder: string,
  root: (profiled: string) => string = (profiled) => profiled,
): Promise<OpenedProfile> {
  await settleFolder(folder);
  const store = new FolderStore(folder);
  const states = new Map<string, FileStates>();
  const profile = await openProfile({
    store,
    compression: deflate,
    fileState: (profiled, file) => {
      const here = root(profiled);
      const known = states.get(here) ?? new FileStates(here);
      states.set(here, known);
      return known.stateOf(file);
    },
  });
  return Object.assign(profile, { close: () => store.close() });
}
