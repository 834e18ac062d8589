import { requireCurrentFormat } from '../../core/profile/compatibility';
import { writeWeights } from '../../core/profile/metrics/weightsAnnex';
import { StoredProfile } from '../../core/profile/storedProfile';
import { deflate } from '../files/deflate';
import { lockFolder } from '../files/folderLock';
import { FolderStore } from '../files/folderStore';
import { contentHash } from '../files/hashFile';
import { listedWeights, type WeightsQuestion } from './listedWeights';

/**
 * Computes the figures of the weights of all neurons of a profile, and keeps them with it, so that lists can be ranked by
 * them without the model.
 * @throws LensError as `listedWeights` does, or where the profile cannot be written
 */
export async function keepFolderWeights(
  question: Pick<WeightsQuestion, 'folder' | 'model' | 'dtype' | 'embeddedModel'>,
  signal: AbortSignal,
): Promise<void> {
  const { folder } = question;
  const store = new FolderStore(folder);
  try {
    const { manifest, tables } = await StoredProfile.open(store, deflate);
    requireCurrentFormat(manifest, 'weights cannot be added to the profile');
    const lock = await lockFolder(folder);
    try {
      const { weights } = await listedWeights({
        ...question,
        ...{ manifest, promotes: null, weights: true, signal },
      });
      await writeWeights(store, contentHash, tables, weights!);
    } finally {
      await lock.release();
    }
  } finally {
    await store.close();
  }
}
