import type { Manifest } from '../../core/profile/manifest';
import { mergeProfiles } from '../../core/profile/mergeProfiles';
import { FolderStore } from '../files/folderStore';
import { contentHash } from '../files/hashFile';
import { openOutput } from '../profiles/outputFolder';

/**
 * Makes one profile of several in a new folder, where it appears when it is whole.
 * @throws LensError when they do not belong together, or the folder holds a profile already
 */
export async function mergeProfileFolders(
  folders: readonly string[],
  out: string,
  tool: string,
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
    });
    await output.publish(manifest);
    return manifest;
  } finally {
    await Promise.all(sources.map(({ store }) => store.close()));
    await output.close();
  }
}
