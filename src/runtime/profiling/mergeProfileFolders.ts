import { lostAnnexesSentence } from '../../core/profile/annexes';
import type { Manifest } from '../../core/profile/manifest';
import { readManifest } from '../../core/profile/manifestFile';
import { mergeProfiles } from '../../core/profile/mergeProfiles';
import { WEIGHTS_RULE } from '../../core/profile/metrics/weightsAnnex';
import { FolderStore } from '../files/folderStore';
import { contentHash } from '../files/hashFile';
import { openOutput } from '../profiles/outputFolder';

/**
 * Makes one profile of several in a new folder, where it appears when it is whole.
 * @param notice hears of what is known of the sources and not of the merged profile.
 * @throws LensError when they do not belong together, or the folder holds a profile already
 */
export async function mergeProfileFolders(
  folders: readonly string[],
  out: string,
  tool: string,
  notice: (sentence: string) => void,
): Promise<Manifest> {
  const output = await openOutput(out, 'whole');
  const sources = folders.map((name) => ({ name, store: new FolderStore(name) }));
  try {
    const manifest = await mergeProfiles({
      sources,
      store: output.store,
      tool,
      createHash: contentHash,
      clock: () => Date.now(),
      annexes: WEIGHTS_RULE,
    });
    await output.publish(manifest);
    const manifests = await Promise.all(sources.map(({ store }) => readManifest(store)));
    const lost = lostAnnexesSentence(manifests, manifest);
    if (lost !== null) notice(lost);
    return manifest;
  } finally {
    await Promise.all(sources.map(({ store }) => store.close()));
    await output.close();
  }
}
