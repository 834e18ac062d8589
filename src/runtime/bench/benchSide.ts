import { openCorpus } from '../files/openCorpus';
import { openModel } from '../profiling/openModel';
import { planOf, profileCorpus } from '../profiling/profileCorpus';
import { openBareForward, type BareForward } from './bareForward';
import { batchesOf, windowsOf } from './benchPlan';
import type { BenchRequest, BenchRun, BenchSide } from './benchRequest';
import { timePorts } from './timedPorts';

/** Batch sizes that the bare side tries, in positions (docs/onnx.md, section 8). */
const BATCH_TOKENS = [256, 512, 1024, 2048];
/** Positions that each is tried on. */
const CALIBRATION_TOKENS = 4096;

/** Opens one side of a comparison. @returns a function that does one timed run */
export function openBenchSide(side: BenchSide, request: BenchRequest): Promise<() => Promise<BenchRun>> {
  return side === 'bare' ? openBareSide(request) : Promise.resolve(() => runProfileSide(request));
}

async function openBareSide(request: BenchRequest): Promise<() => Promise<BenchRun>> {
  const open = await openModel(request);
  const { tokenizer } = open;
  const plan = planOf(request, open);
  await open.model.dispose();
  const { before, after } = tokenizer.frame;
  const windows = await windowsOf(
    await openCorpus({ ...request, root: request.root ?? process.cwd() }),
    tokenizer,
    { length: plan.window - before.length - after.length, stride: plan.stride, scoring: plan.scoring },
  );
  const tokens = windows.reduce((sum, { window }) => sum + window.ownedEnd - window.ownedStart, 0);
  const forward = await openBareForward(request);
  const batchTokens = await bestBatch(forward, (size) => batchesOf(windows, tokenizer, size));
  const batches = batchesOf(windows, tokenizer, batchTokens);
  return async () => {
    const started = performance.now();
    for (const batch of batches) await forward.run(batch);
    return {
      seconds: (performance.now() - started) / 1000,
      tokens,
      peakRssMiB: peakRss(),
      batchTokens,
      phases: null,
    };
  };
}

/** The batch size with the most positions a second over the first few thousand, each tried twice. */
async function bestBatch(
  forward: BareForward,
  batches: (batchTokens: number) => ReturnType<typeof batchesOf>,
): Promise<number> {
  let best = { batchTokens: BATCH_TOKENS[0]!, speed: 0 };
  for (const batchTokens of [...BATCH_TOKENS, ...BATCH_TOKENS]) {
    const started = performance.now();
    let positions = 0;
    for (const batch of batches(batchTokens)) {
      if (positions >= CALIBRATION_TOKENS) break;
      await forward.run(batch);
      positions += batch.rows * batch.width;
    }
    const speed = positions / (performance.now() - started);
    if (speed > best.speed) best = { batchTokens, speed };
  }
  return best.batchTokens;
}

async function runProfileSide(request: BenchRequest): Promise<BenchRun> {
  let phases: BenchRun['phases'] = null;
  const manifest = await profileCorpus(
    { ...request, overwrite: true, resume: false },
    { progress: () => undefined, notice: () => undefined },
    new AbortController().signal,
    {
      async around(run, profileRequest) {
        const timed = timePorts(profileRequest);
        const result = await run(timed.request);
        phases = timed.phases();
        return result;
      },
    },
  );
  const { seconds, corpus, engine } = manifest;
  return { seconds, tokens: corpus.tokens, peakRssMiB: peakRss(), batchTokens: engine.batchTokens, phases };
}

function peakRss(): number {
  return process.resourceUsage().maxRSS / 1024;
}
