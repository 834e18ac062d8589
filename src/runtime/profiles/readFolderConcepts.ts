import type { ConceptResults } from '../../core/concepts/conceptResults';
import { readConcepts } from '../../core/concepts/conceptsAnnex';
import type { ConceptControl } from '../../core/concepts/controls/conceptControl';
import { readControls } from '../../core/concepts/controls/keptControls';
import type { Manifest } from '../../core/profile/manifest';
import { FolderStore } from '../files/folderStore';

/** What concepts gave on a profile folder; null where none were tested on it. */
export async function readFolderConcepts(
  folder: string,
  manifest: Pick<Manifest, 'files'>,
): Promise<ConceptResults | null> {
  const store = new FolderStore(folder);
  try {
    return await readConcepts(store, manifest);
  } finally {
    await store.close();
  }
}

/** The controls that were made beside a test of a profile folder. */
export async function readFolderControls(
  folder: string,
  manifest: Pick<Manifest, 'files'>,
  test: Pick<ConceptResults, 'created'>,
): Promise<ConceptControl[]> {
  const store = new FolderStore(folder);
  try {
    return await readControls(store, manifest, test);
  } finally {
    await store.close();
  }
}
