import type { FileStore } from './fileStore';
import {
  corpusFile,
  MANIFEST_FILE,
  metricsFile,
  SEGMENT_FOLDER,
  SITES_FILE,
  SNAPSHOT_FOLDER,
  TEXT_FOLDER,
} from './profileFiles';

/** Removes the files of a profile, the manifest first, and nothing else that lies in the folder. */
export async function clearProfile(store: FileStore): Promise<void> {
  const files = [MANIFEST_FILE, SITES_FILE, metricsFile(null), corpusFile(null)];
  for (const name of [...files, SEGMENT_FOLDER, SNAPSHOT_FOLDER, TEXT_FOLDER]) await store.remove(name);
}
