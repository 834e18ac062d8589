import type { Manifest } from '../profile/manifest';
import { tokensOrReason, UnfitText } from '../text/tokenizer';
import { planWindows } from '../text/windows';
import type { SinkRule } from './batchReduction';
import { openDocument } from './openDocument';
import { Population } from './population';
import type { ProfileRequest } from './profileRequest';
import { medianOf, rowNorms } from './sinks';
import { planBatches, tokenBatchOf, type PlannedWindow } from './windowBatches';

/** Tokens of the corpus's first documents, whichever shard they belong to, on which a layer's median norm is taken. */
const SAMPLE_TOKENS = 4_096;

/**
 * How sinks are told where they are dropped: by medians that the manifest keeps, so that a resumed run and every
 * shard go by the same ones.
 * @returns null where sinks are not dropped.
 */
export async function sinkRuleOf(
  request: ProfileRequest,
  earlier: Manifest | null,
  signal: AbortSignal,
): Promise<SinkRule | null> {
  const ratio = request.plan.dropSinks;
  if (ratio === null) return null;
  return { ratio, medians: earlier?.sinkMedians ?? (await measureMedians(request, signal)) };
}

async function measureMedians(request: ProfileRequest, signal: AbortSignal): Promise<number[]> {
  const { model, tokenizer, plan, batchTokens } = request;
  const { frame } = tokenizer;
  const population = new Population(plan, model.causal, frame);
  const norms: number[][] = model.outputs.map(() => []);
  const windows = await sampleWindows(request, signal);
  for (const batch of planBatches(windows, frame, {
    batchTokens,
    maximumRows: model.maximumRows,
    equalLengths: model.equalLengths,
  })) {
    signal.throwIfAborted();
    const tokens = tokenBatchOf(batch, frame);
    const outputs = await model.run(tokens);
    const counted = countedPositions(batch, tokens.width, frame.before.length, population);
    outputs.forEach((output, table) => {
      rowNorms(output, tokens.rows * tokens.width).forEach((norm, row) => {
        if (counted.has(output.positions?.[row] ?? row)) norms[table]!.push(norm);
      });
    });
  }
  return norms.map(medianOf);
}

async function sampleWindows(
  { corpus, tokenizer, plan }: ProfileRequest,
  signal: AbortSignal,
): Promise<PlannedWindow[]> {
  const frameLength = tokenizer.frame.before.length + tokenizer.frame.after.length;
  const windows: PlannedWindow[] = [];
  let tokens = 0;
  for await (const { key, text } of corpus.documents(signal)) {
    const tokenized = await tokensOrReason(tokenizer, text);
    if (tokenized instanceof UnfitText) continue;
    const planned = planWindows(tokenized.ids.length, { ...plan, length: plan.window - frameLength });
    const document = openDocument(key, 0, tokenized, planned, true, plan.seed);
    for (const window of planned) {
      if (tokens >= SAMPLE_TOKENS) return windows;
      windows.push({ document, window });
      tokens += window.ownedEnd - window.ownedStart;
    }
  }
  return windows;
}

function countedPositions(
  batch: readonly PlannedWindow[],
  width: number,
  frameStart: number,
  population: Population,
): Set<number> {
  const positions = new Set<number>();
  const ignored = { special: 0, pad: 0, firstPosition: 0, sink: 0 };
  batch.forEach(({ document, window }, row) => {
    const members = population.membersOf(document.tokens, window, ignored);
    const first = row * width + frameStart + window.ownedStart - window.start;
    members.forEach((member, i) => {
      if (member === 1) positions.add(first + i);
    });
  });
  return positions;
}
