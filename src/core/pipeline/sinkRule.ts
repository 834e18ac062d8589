import { medianOf } from '../common/median';
import type { Manifest } from '../profile/manifest';
import type { TokenBatch } from '../onnx/activationModel';
import type { WindowFrame } from '../text/tokens';
import { Population } from './population';
import type { RunRequest } from './runRequest';
import { rowNorms, type SinkRule } from './sinks';
import { firstWindows, ownedPosition, runBatches, type PlannedWindow } from './windowBatches';

/** Tokens of the corpus's first documents, whichever shard they belong to, on which a layer's median norm is taken. */
const SAMPLE_TOKENS = 4_096;

/**
 * How sinks are told where they are dropped: by medians that the manifest keeps, so that a resumed run and every
 * shard go by the same ones.
 * @returns null where sinks are not dropped.
 */
export async function sinkRuleOf(
  request: RunRequest,
  earlier: Manifest | null,
  signal: AbortSignal,
): Promise<SinkRule | null> {
  const ratio = request.plan.dropSinks;
  if (ratio === null) return null;
  return { ratio, medians: earlier?.sinkMedians ?? (await measureMedians(request, signal)) };
}

async function measureMedians(request: RunRequest, signal: AbortSignal): Promise<number[]> {
  const { model, tokenizer, plan } = request;
  const population = new Population(plan, model.causal, tokenizer.frame);
  const norms: number[][] = model.outputs.map(() => []);
  const windows = await firstWindows(request.corpus.documents(signal), tokenizer, plan, SAMPLE_TOKENS);
  for await (const { planned, batch, outputs } of runBatches(windows, request, signal)) {
    const counted = countedPositions(planned, batch, tokenizer.frame, population);
    outputs.forEach((output, table) => {
      rowNorms(output, batch.rows * batch.width).forEach((norm, row) => {
        if (counted.has(output.positions?.[row] ?? row)) norms[table]!.push(norm);
      });
    });
  }
  return norms.map(medianOf);
}

function countedPositions(
  planned: readonly PlannedWindow[],
  batch: TokenBatch,
  frame: WindowFrame,
  population: Population,
): Set<number> {
  const positions = new Set<number>();
  const ignored = { special: 0, pad: 0, firstPosition: 0, sink: 0 };
  planned.forEach(({ document, window }, row) => {
    const members = population.membersOf(document.tokens, window, ignored);
    const first = ownedPosition(window, row, batch, frame);
    members.forEach((member, i) => {
      if (member === 1) positions.add(first + i);
    });
  });
  return positions;
}
