import type { FileStore } from './fileStore';
import { isOwnFile } from './ownNames';
import {
  ANNEX_FOLDER,
  corpusFile,
  MANIFEST_FILE,
  metricsFile,
  SEGMENT_FOLDER,
  SITES_FILE,
  SNAPSHOT_FOLDER,
  TEXT_FOLDER,
} from './profileFiles';

/**
 * Removes the files that a writer of profiles made, and nothing else that lies in the folder. The manifest goes after
 * what is large: whatever a kill leaves half removed is still known for a profile, and can be removed again.
 */
export async function clearProfile(store: FileStore): Promise<void> {
  for (const folder of [TEXT_FOLDER, SEGMENT_FOLDER, ANNEX_FOLDER]) await removeOwn(store, folder);
  for (const name of [metricsFile(null), corpusFile(null), MANIFEST_FILE]) await store.remove(name);
  await removeOwn(store, SNAPSHOT_FOLDER);
  await store.remove(SITES_FILE);
}

/** Removes those files of a folder within a profile that a writer of profiles made. */
export async function removeOwn(store: FileStore, folder: string): Promise<void> {
  for (const name of await store.list(folder)) if (isOwnFile(name)) await store.remove(name);
}
