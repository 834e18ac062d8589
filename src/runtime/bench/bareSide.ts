import { readFile } from 'node:fs/promises';
import type { TokenBatch } from '../../core/onnx/activationModel';
import { ownedTokens } from '../../core/pipeline/windowBatches';
import { choosePart, resolveModelPackage } from '../models/modelPackage';
import { StackSession } from '../onnxruntime/stackSession';
import { openTokenizer } from '../tokenizers/openTokenizer';
import { batchesOf, windowsOf } from './benchWindows';
import type { BenchSetup, OpenSide } from './benchRequest';
import { timed } from './timedRun';

/** Batch sizes that are tried, in positions (docs/onnx.md, section 8). */
const BATCH_TOKENS = [256, 512, 1024, 2048];
/** Positions that each is tried on, twice. */
const TRIED_TOKENS = 2048;

/**
 * The anchor that a profile is measured against (docs/performance.md): the unmodified model file through onnxruntime
 * with all optimisations, its own outputs fetched, nothing kept, on windows that are tokenised beforehand.
 */
export async function openBareSide(setup: BenchSetup): Promise<OpenSide> {
  const { request } = setup;
  const modelPackage = await resolveModelPackage(request.model, request);
  const tokenizer = await openTokenizer(modelPackage.tokenizerPath!);
  const windows = await windowsOf(setup, tokenizer);
  const { path } = modelPackage.parts.get(choosePart(modelPackage, request.part))!;
  const file = { bytes: await readFile(path), path };
  const session = await StackSession.open(file, modelPackage, { threads: request.threads });
  const forward = async (batch: TokenBatch) => {
    await session.run(batch);
  };
  const inBatches = (size: number) => batchesOf(windows, tokenizer, size).map(({ batch }) => batch);
  const batchTokens = setup.batchTokens ?? (await fastestBatch(forward, inBatches));
  const batches = inBatches(batchTokens);
  return {
    setup: { ...setup, batchTokens },
    async run() {
      const { seconds, processorSeconds, peakRssMiB } = await timed(async () => {
        for (const batch of batches) await forward(batch);
      });
      return {
        ...{ seconds, processorSeconds, peakRssMiB, batchTokens, tokens: ownedTokens(windows) },
        ...{ secondsWithStart: null, phases: null },
      };
    },
  };
}

/** The batch size with the most positions a second over the first few thousand. */
async function fastestBatch(
  forward: (batch: TokenBatch) => Promise<void>,
  inBatches: (batchTokens: number) => readonly TokenBatch[],
): Promise<number> {
  let fastest = { batchTokens: BATCH_TOKENS[0]!, speed: 0 };
  for (const batchTokens of [...BATCH_TOKENS, ...BATCH_TOKENS]) {
    const started = performance.now();
    let positions = 0;
    for (const batch of inBatches(batchTokens)) {
      if (positions >= TRIED_TOKENS) break;
      await forward(batch);
      positions += batch.rows * batch.width;
    }
    const speed = positions / (performance.now() - started);
    if (speed > fastest.speed) fastest = { batchTokens, speed };
  }
  return fastest.batchTokens;
}
