import { ownedPosition, ownedTokens } from '../../core/pipeline/windowBatches';
import { openModel } from '../profiling/openModel';
import { batchesOf, windowsOf } from './benchWindows';
import type { BenchSetup, OpenSide } from './benchRequest';
import { plainStatistics } from './plainStatistics';
import { timed } from './timedRun';

/** Of kept activations, at most; a run takes no more windows than fill it. */
const MOST_BYTES = 2 ** 30;
const BATCH_TOKENS = 512;

/**
 * What one would write first, for comparison: the activations of all tokens are copied and kept, and summed up at the
 * end in plain JavaScript. It has the benefit of the same cut graph and the same batches as the profile; it gives no
 * bands, contexts or places in files, and writes nothing.
 */
export async function openPlainSide(setup: BenchSetup): Promise<OpenSide> {
  const { model, tokenizer } = await openModel(setup.request);
  const neurons = model.outputs.reduce((sum, { site }) => sum + site.dFf, 0);
  const batches = batchesOf(await windowsOf(setup, tokenizer), tokenizer, BATCH_TOKENS);
  const most = MOST_BYTES / (neurons * Float32Array.BYTES_PER_ELEMENT);
  let tokens = 0;
  const chosen = batches.filter(({ windows }) => {
    const fits = tokens + ownedTokens(windows) <= most;
    if (fits) tokens += ownedTokens(windows);
    return fits;
  });
  return {
    setup,
    async run() {
      const measured = await timed(async () => {
        const kept = model.outputs.map((): Float32Array[] => []);
        for (const { windows, batch } of chosen) {
          const outputs = await model.run(batch);
          outputs.forEach(({ site, values }, output) => {
            windows.forEach(({ window }, row) => {
              const first = ownedPosition(window, row, batch, tokenizer.frame);
              const end = first + window.ownedEnd - window.ownedStart;
              kept[output]!.push(values.slice(first * site.dFf, end * site.dFf));
            });
          });
        }
        return model.outputs.map(({ site }, output) => plainStatistics(kept[output]!, site.dFf));
      });
      const { seconds, processorSeconds, peakRssMiB } = measured;
      return {
        ...{ seconds, processorSeconds, peakRssMiB, tokens, batchTokens: BATCH_TOKENS },
        ...{ secondsWithStart: null, phases: null },
      };
    },
  };
}
