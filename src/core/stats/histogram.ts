import type { BinnedCounts } from './coarseHistogram';
import { ZERO_BIN } from './dyadicHistogram';
import { BIN_COUNT, type Distributions } from './siteSummary';

/** How one neuron's values are distributed: exact counts in 256 bins, and what is known exactly besides. */
export interface Histogram {
  /** [256] bin k covers [(k − 128)·width, (k − 127)·width). */
  readonly bins: Uint32Array;
  readonly width: number;
  /** Finite values of the population. */
  readonly count: number;
  /** Values at exactly 0, all in the bin that begins there. */
  readonly zeros: number;
  readonly min: number;
  readonly max: number;
  /** Σ|act| */
  readonly absoluteSum: number;
}

/** The distribution of one neuron of a summary. */
export function histogramOf(summary: Distributions, neuron = 0): Histogram {
  const bins = summary.bins.subarray(neuron * BIN_COUNT, (neuron + 1) * BIN_COUNT);
  let negative = 0;
  for (let bin = 0; bin < ZERO_BIN; bin++) negative += bins[bin]!;
  const count = summary.count[neuron]!;
  return {
    bins,
    width: 2 ** summary.exponent[neuron]!,
    count,
    zeros: count - negative - summary.positive[neuron]!,
    min: summary.min[neuron]!,
    max: summary.max[neuron]!,
    absoluteSum: summary.absoluteSum[neuron]!,
  };
}

/** The most by which a quantile read off the bins can miss the true one: a bin's width, or the range if smaller. */
export function resolutionOf({ width, min, max, count }: Histogram): number {
  return count === 0 ? 0 : Math.min(width, max - min);
}

/**
 * The value that `rank` values lie below, spread evenly within its bin (zeros at 0); the smallest at rank 0 and the
 * largest at rank n − 1 are exact, every other misses by at most `resolutionOf`.
 */
export function valueAtRank(histogram: Histogram, rank: number): number {
  const { bins, width, count, zeros, min, max } = histogram;
  if (rank <= 0) return min;
  if (rank >= count - 1) return max;
  let bin = 0;
  let before = 0;
  while (before + bins[bin]! <= rank) before += bins[bin++]!;
  let position = rank - before;
  let within = bins[bin]!;
  if (bin === ZERO_BIN && zeros > 0) {
    if (position < zeros) return 0;
    position -= zeros;
    within -= zeros;
  }
  const value = (bin - ZERO_BIN + (position + 0.5) / within) * width;
  return Math.min(max, Math.max(min, value));
}

/**
 * The quantile `share` (0 to 1) between the two nearest values, as numpy's default; at most `resolutionOf` away from
 * what sorting all values gives. NaN when there is none.
 */
export function quantileOf(histogram: Histogram, share: number): number {
  if (histogram.count === 0) return NaN;
  const position = share * (histogram.count - 1);
  const rank = Math.floor(position);
  const lower = valueAtRank(histogram, rank);
  if (position === rank) return lower;
  return lower + (position - rank) * (valueAtRank(histogram, rank + 1) - lower);
}

/**
 * Share of the values that lie below `value`, in percent: whole values, at most a bin's share away from the true one.
 * As `value` or a larger one is among them up to the maximum, 100(1 − 1/n) is the most that it gives there.
 */
export function percentileOf(histogram: Histogram, value: number): number {
  const { bins, width, count, zeros, min, max } = histogram;
  if (count === 0 || value <= min) return 0;
  if (value > max) return 100;
  const bin = Math.floor(value / width) + ZERO_BIN;
  let below = 0;
  for (let lower = 0; lower < bin; lower++) below += bins[lower]!;
  const zerosBelow = bin === ZERO_BIN && value > 0 ? zeros : 0;
  const spread = bins[bin]! - (bin === ZERO_BIN ? zeros : 0);
  const belowInBin = Math.floor(spread * (value / width - Math.floor(value / width)));
  return (100 * Math.min(count - 1, below + zerosBelow + belowInBin)) / count;
}

/** The bins from the first to the last that hold a value: everything that the profile knows of the distribution. */
export function occupiedBins({ bins, width, count }: Histogram): BinnedCounts {
  if (count === 0) return { edges: [], counts: [] };
  const first = bins.findIndex((occupied) => occupied > 0);
  const last = bins.findLastIndex((occupied) => occupied > 0);
  const counts = Array.from(bins.subarray(first, last + 1));
  const edges = Array.from({ length: counts.length + 1 }, (_, i) => (first - ZERO_BIN + i) * width);
  return { edges, counts };
}
