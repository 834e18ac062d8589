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
 * Positions that positives may have by chance: rolled within their document by a random offset, which keeps runs and
 * prevalence. Where every document carries one label throughout there is nothing to roll, and documents exchange theirs.
 */
export class RolledLabels {
  private readonly byDocument: readonly Uint32Array[];
  private readonly wholeDocuments: boolean;
  private readonly positives: number;

  /** @param labels [n] 1 for a positive. @param documents cover the n tokens, in order. */
  constructor(
    labels: Uint8Array,
    private readonly documents: readonly TokenSpan[],
  ) {
    this.byDocument = documents.map(({ start, end }) =>
      Uint32Array.from({ length: end - start }, (_, i) => i).filter((i) => labels[start + i] === 1),
    );
    this.positives = this.byDocument.reduce((sum, { length }) => sum + length, 0);
    this.wholeDocuments = documents.every(
      ({ start, end }, i) => this.byDocument[i]!.length === 0 || this.byDocument[i]!.length === end - start,
    );
  }

  /** One draw. @returns positions of the positives. */
  draw(random: Random): Uint32Array {
    return this.wholeDocuments ? this.exchange(random) : this.roll(random);
  }

  private roll(random: Random): Uint32Array {
    const rolled = new Uint32Array(this.positives);
    let at = 0;
    this.documents.forEach(({ start, end }, document) => {
      const offset = wholeBelow(random, end - start);
      for (const i of this.byDocument[document]!) {
        const moved = start + i + offset;
        rolled[at++] = moved < end ? moved : moved - (end - start);
      }
    });
    return rolled;
  }

  private exchange(random: Random): Uint32Array {
    const labelled = shuffle(
      this.byDocument.map(({ length }) => length > 0),
      random,
    );
    const positions: number[] = [];
    this.documents.forEach(({ start, end }, document) => {
      if (labelled[document]) for (let token = start; token < end; token++) positions.push(token);
    });
    return Uint32Array.from(positions);
  }
}

/** Neurons whose midranks lie side by side, so that a position of a draw is looked up once for all of them. */
const TOGETHER = 4;

/**
 * Mean and spread of each neuron's AUROC over draws.
 * @param midranks [neurons][n] of their values. @param draws positions of the positives in each, the same for all neurons.
 */
export function nullsOf(midranks: readonly Float64Array[], draws: readonly Uint32Array[]): Null[] {
  const nulls: Null[] = [];
  for (let first = 0; first < midranks.length; first += TOGETHER) {
    const some = midranks.slice(first, first + TOGETHER);
    const tokens = some[0]!.length;
    const sums = draws.map(rankSumsIn(some));
    nulls.push(
      ...some.map((_, i) =>
        spreadOf(draws.map((draw, at) => aurocOfRankSum(sums[at]![i]!, draw.length, tokens))),
      ),
    );
  }
  return nulls;
}

/** @param midranks of at most four neurons. @returns what sums up the midranks of each at some positions; exact. */
function rankSumsIn(midranks: readonly Float64Array[]): (positions: Uint32Array) => readonly number[] {
  const tokens = midranks[0]!.length;
  const aside = new Float64Array(TOGETHER * tokens);
  midranks.forEach((ranks, neuron) => {
    for (let token = 0; token < tokens; token++) aside[token * TOGETHER + neuron] = ranks[token]!;
  });
  return (positions) => {
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let i = 0; i < positions.length; i++) {
      const at = positions[i]! * TOGETHER;
      a += aside[at]!;
      b += aside[at + 1]!;
      c += aside[at + 2]!;
      d += aside[at + 3]!;
    }
    return [a, b, c, d];
  };
}

function spreadOf(areas: readonly number[]): Null {
  let [sum, squares, count] = [0, 0, 0];
  for (const area of areas) {
    if (Number.isNaN(area)) continue;
    sum += area;
    squares += area * area;
    count += 1;
  }
  const mean = sum / count;
  return { mean, std: Math.sqrt(Math.max(0, squares / count - mean * mean) * (count / (count - 1))) };
}

/** Two-sided p of an AUROC against its null, by the normal distribution; 1 where the null has no spread. */
export function pOf(area: number, { mean, std }: Null): number {
  return std > 0 ? Math.min(1, 2 * normalTail(Math.abs(area - mean) / std)) : 1;
}
