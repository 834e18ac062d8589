import { shuffle, wholeBelow, type Random } from '../../common/random';
import { aurocOfRankSum } from './auroc';
import { normalTail } from './normal';

/** Tokens `[start, end)` of an array that one document's are. */
export interface TokenSpan {
  readonly start: number;
  readonly end: number;
}

/** A neuron's AUROC for labels that chance gave. */
export interface Null {
  readonly mean: number;
  readonly std: number;
}

/**
 * Positives as runs of them, [runs × 2] where each begins and where it ends: many concepts are whole lines or documents.
 */
export type LabelRuns = Uint32Array;

/**
 * Runs that positives may be by chance: rolled within their document by a random offset, which keeps runs and
 * prevalence. Where every document carries one label throughout there is nothing to roll, and documents exchange theirs.
 */
export class RolledLabels {
  /** Runs of each document, from its start. */
  private readonly byDocument: readonly LabelRuns[];
  private readonly wholeDocuments: boolean;

  /** @param labels [n] 1 for a positive. @param documents cover the n tokens, in order. */
  constructor(
    labels: Uint8Array,
    private readonly documents: readonly TokenSpan[],
  ) {
    this.byDocument = documents.map(({ start, end }) => runsOf(labels.subarray(start, end)));
    this.wholeDocuments = documents.every(({ start, end }, i) => {
      const runs = this.byDocument[i]!;
      return runs.length === 0 || (runs.length === 2 && runs[1]! - runs[0]! === end - start);
    });
  }

  /** One draw. */
  draw(random: Random): LabelRuns {
    return this.wholeDocuments ? this.exchange(random) : this.roll(random);
  }

  private roll(random: Random): LabelRuns {
    // A run that comes to lie across its document's end becomes two.
    const most = this.byDocument.reduce((sum, { length }) => sum + length + 2, 0);
    const rolled = new Uint32Array(most);
    let count = 0;
    const add = (start: number, end: number) => {
      rolled[count++] = start;
      rolled[count++] = end;
    };
    this.documents.forEach(({ start, end }, document) => {
      const offset = start + wholeBelow(random, end - start);
      const runs = this.byDocument[document]!;
      for (let i = 0; i < runs.length; i += 2) {
        const first = runs[i]! + offset;
        const last = runs[i + 1]! + offset;
        if (first >= end) add(first - end + start, last - end + start);
        else if (last <= end) add(first, last);
        else {
          add(first, end);
          add(start, last - end + start);
        }
      }
    });
    return rolled.subarray(0, count);
  }

  private exchange(random: Random): LabelRuns {
    const labelled = shuffle(
      this.byDocument.map(({ length }) => length > 0),
      random,
    );
    return Uint32Array.from(
      this.documents.filter((_, document) => labelled[document]).flatMap(({ start, end }) => [start, end]),
    );
  }
}

function runsOf(labels: Uint8Array): LabelRuns {
  const runs: number[] = [];
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] !== (labels[i - 1] ?? 0)) runs.push(i);
  }
  if (runs.length % 2 === 1) runs.push(labels.length);
  return Uint32Array.from(runs);
}

/**
 * Mean and spread of a neuron's AUROC over draws.
 * @param midranks [n] of the neuron's values. @param draws the positives of each.
 */
export function nullOf(midranks: Float64Array, draws: readonly LabelRuns[]): Null {
  const below = sumsBelow(midranks);
  let [sum, squares, count] = [0, 0, 0];
  for (const runs of draws) {
    let [rankSum, positives] = [0, 0];
    for (let i = 0; i < runs.length; i += 2) {
      const start = runs[i]!;
      const end = runs[i + 1]!;
      rankSum += below[end]! - below[start]!;
      positives += end - start;
    }
    const area = aurocOfRankSum(rankSum, positives, midranks.length);
    if (Number.isNaN(area)) continue;
    sum += area;
    squares += area * area;
    count += 1;
  }
  const mean = sum / count;
  return { mean, std: Math.sqrt(Math.max(0, squares / count - mean * mean) * (count / (count - 1))) };
}

/** [n + 1] midranks summed up before each token: exact, as midranks are halves. */
function sumsBelow(midranks: Float64Array): Float64Array {
  const sums = new Float64Array(midranks.length + 1);
  for (let token = 0; token < midranks.length; token++) sums[token + 1] = sums[token]! + midranks[token]!;
  return sums;
}

/** Two-sided p of an AUROC against its null, by the normal distribution; 1 where the null has no spread. */
export function pOf(area: number, { mean, std }: Null): number {
  return std > 0 ? Math.min(1, 2 * normalTail(Math.abs(area - mean) / std)) : 1;
}
