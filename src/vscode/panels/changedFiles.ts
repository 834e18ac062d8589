import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { NeuronPage } from '../../core/profile/neuronPage';

/** The files of a page's examples that are not what they were when they were profiled. */
export async function changedFiles(
  { examples }: NeuronPage,
  root: string,
): Promise<{ changedFiles: string[]; missingFiles: string[] }> {
  const bands = examples.bands.flatMap((band) => band.examples);
  const all = [...examples.top, ...examples.bottom, ...examples.random, ...bands];
  const stale = [...new Set(all.filter((example) => example.stale).map((example) => example.file))];
  const present = await Promise.all(
    stale.map((file) =>
      access(join(root, file)).then(
        () => true,
        () => false,
      ),
    ),
  );
  return {
    changedFiles: stale.filter((_, index) => present[index]),
    missingFiles: stale.filter((_, index) => !present[index]),
  };
}
