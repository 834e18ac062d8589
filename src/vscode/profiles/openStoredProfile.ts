import { openProfile, type Profile } from '../../core/profile/openProfile';
import { deflate } from '../../runtime/files/deflate';
import { FileStates } from '../../runtime/files/fileState';
import { FolderStore } from '../../runtime/files/folderStore';

/** A profile that is open, with the files that it keeps open. */
export interface OpenedProfile {
  readonly profile: Profile;
  close(): Promise<void>;
}

/**
 * Opens a profile for reading. Kept apart because it brings Arrow with it: it is loaded when first needed.
 * @param root where the corpus lies on this machine, by the root that the manifest names
 * @throws LensError where the folder holds no profile that can be read
 */
export async function openStoredProfile(
  folder: string,
  root: (profiled: string) => string,
): Promise<OpenedProfile> {
  const store = new FolderStore(folder);
  const states = new Map<string, FileStates>();
  const profile = await openProfile({
    store,
    compression: deflate,
    fileChanged: async (profiled, file) => {
      const here = root(profiled);
      const known = states.get(here) ?? new FileStates(here);
      states.set(here, known);
      return (await known.stateOf(file)) !== 'same';
    },
  });
  return { profile, close: () => store.close() };
}
