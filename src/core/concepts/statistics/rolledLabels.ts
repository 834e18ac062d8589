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

  /** @param labels [n] 1 for a positive. @param documents cover the n tokens, in order. */
  constructor(
    private readonly labels: Uint8Array,
    private readonly documents: readonly TokenSpan[],
  ) {
    this.byDocument = documents.map(({ start, end }) =>
      Uint32Array.from({ length: end - start }, (_, i) => i).filter((i) => labels[start + i] === 1),
    );
    this.wholeDocuments = documents.every(
      ({ start, end }, i) => this.byDocument[i]!.length === 0 || this.byDocument[i]!.length === end - start,
    );
  }

  /** One draw. @returns [n] 1 for a positive. */
  draw(random: Random): Uint8Array {
    const rolled = new Uint8Array(this.labels.length);
    this.eachPositive(random, (token) => (rolled[token] = 1));
    return rolled;
  }

  /**
   * Mean and spread of a neuron's AUROC over draws.
   * @param midranks [n] of the neuron's values.
   */
  nullOf(midranks: Float64Array, draws: number, random: Random): Null {
    let [sum, squares, count] = [0, 0, 0];
    for (let draw = 0; draw < draws; draw++) {
      let [rankSum, positives] = [0, 0];
      this.eachPositive(random, (token) => {
        rankSum += midranks[token]!;
        positives += 1;
      });
      const area = aurocOfRankSum(rankSum, positives, midranks.length);
      if (Number.isNaN(area)) continue;
      sum += area;
      squares += area * area;
      count += 1;
    }
    const mean = sum / count;
    return { mean, std: Math.sqrt(Math.max(0, squares / count - mean * mean) * (count / (count - 1))) };
  }

  private eachPositive(random: Random, visit: (token: number) => void): void {
    if (this.wholeDocuments) this.exchange(random, visit);
    else this.roll(random, visit);
  }

  private roll(random: Random, visit: (token: number) => void): void {
    this.documents.forEach(({ start, end }, document) => {
      const length = end - start;
      const offset = wholeBelow(random, length);
      for (const i of this.byDocument[document]!) visit(start + ((i + offset) % length));
    });
  }

  private exchange(random: Random, visit: (token: number) => void): void {
    const labelled = shuffle(
      this.byDocument.map(({ length }) => length > 0),
      random,
    );
    this.documents.forEach(({ start, end }, document) => {
      if (labelled[document]) for (let token = start; token < end; token++) visit(token);
    });
  }
}

/** Two-sided p of an AUROC against its null, by the normal distribution; 1 where the null has no spread. */
export function pOf(area: number, { mean, std }: Null): number {
  return std > 0 ? Math.min(1, 2 * normalTail(Math.abs(area - mean) / std)) : 1;
}
