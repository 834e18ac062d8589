import { MAXIMUM_BARS } from '../../stats/coarseHistogram';

/** Counts of the tokens that carry a concept and of the others, in the same bars. */
export interface ClassHistograms {
  /** One more than bars; multiples of their width, a power of two. */
  readonly edges: readonly number[];
  readonly positives: readonly number[];
  readonly others: readonly number[];
}

/** Width of the one bar where all values are the same, as a share of the value. */
const NARROWEST = 2 ** -20;

/**
 * Both classes in at most 100 bars over the whole range, as narrow as that allows. Exact: each token is counted in the
 * bar `[edge, next edge)` that its value lies in.
 * @param values [n] finite. @param labels [n] 1 for a positive.
 */
export function classHistograms(values: Float32Array, labels: Uint8Array): ClassHistograms {
  let [low, high] = [Infinity, -Infinity];
  for (let token = 0; token < values.length; token++) {
    low = Math.min(low, values[token]!);
    high = Math.max(high, values[token]!);
  }
  const size = Math.max(Math.abs(low), Math.abs(high), Number.MIN_VALUE / NARROWEST);
  let width = 2 ** Math.ceil(Math.log2(Math.max((high - low) / MAXIMUM_BARS, size * NARROWEST)));
  while (barOf(high, width) - barOf(low, width) >= MAXIMUM_BARS) width *= 2;
  const first = barOf(low, width);
  const bars = barOf(high, width) - first + 1;
  const counts = new Uint32Array(2 * bars);
  for (let token = 0; token < values.length; token++) {
    counts[labels[token]! * bars + barOf(values[token]!, width) - first]! += 1;
  }
  return {
    edges: Array.from({ length: bars + 1 }, (_, bar) => (first + bar) * width),
    positives: [...counts.subarray(bars)],
    others: [...counts.subarray(0, bars)],
  };
}

function barOf(value: number, width: number): number {
  return Math.floor(value / width);
}
