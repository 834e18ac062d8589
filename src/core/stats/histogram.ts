import type { BinnedCounts } from './coarseHistogram';
import type { Distributions } from './siteSummary';

/** How one neuron's values are distributed: exact counts in bins, and what is known exactly besides. */
export interface Histogram {
  /** Bins mirrored about 0 in ascending order: the middle one begins at 0. */
  readonly bins: Uint32Array;
  /** [bins / 2 + 1] where the bins above 0 begin and end; those below are their mirror images. */
  readonly edges: Float64Array;
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
  const { binCount, edgesOf } = summary.binning;
  const bins = summary.bins.subarray(neuron * binCount, (neuron + 1) * binCount);
  let negative = 0;
  for (let bin = 0; bin < binCount / 2; bin++) negative += bins[bin]!;
  const count = summary.count[neuron]!;
  return {
    bins,
    edges: edgesOf(summary.exponent[neuron]!),
    count,
    zeros: count - negative - summary.positive[neuron]!,
    min: summary.min[neuron]!,
    max: summary.max[neuron]!,
    absoluteSum: summary.absoluteSum[neuron]!,
  };
}

/** The bin that begins at 0. */
export function zeroBinOf({ bins }: Histogram): number {
  return bins.length / 2;
}

/** Where a bin begins; the next one begins where it ends. */
export function edgeOf(histogram: Histogram, bin: number): number {
  const step = bin - zeroBinOf(histogram);
  return step < 0 ? -histogram.edges[-step]! : histogram.edges[step]!;
}

/** The last edge of a bin at or below |value|, counted from 0 away; that of the last bin where it lies beyond. */
export function stepBelow({ edges }: Histogram, value: number): number {
  const size = Math.abs(value);
  let low = 0;
  let high = edges.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (edges[middle]! <= size) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Where in the bins a value stands when all are put in order. */
interface Place {
  readonly bin: number;
  /** How many of the bin's values come before it, and how many the bin has. */
  readonly position: number;
  readonly within: number;
}

/** @returns null where the value is known exactly: the first, the last and those at 0. */
function placeOfRank(histogram: Histogram, rank: number): Place | null {
  const { bins, count, zeros } = histogram;
  if (rank <= 0 || rank >= count - 1) return null;
  let bin: number;
  let before: number;
  // From the nearer end.
  if (2 * rank < count) {
    for (bin = 0, before = 0; before + bins[bin]! <= rank; bin++) before += bins[bin]!;
  } else {
    for (bin = bins.length - 1, before = count - bins[bin]!; before > rank; bin--) before -= bins[bin - 1]!;
  }
  const atZero = bin === zeroBinOf(histogram) ? zeros : 0;
  const position = rank - before - atZero;
  return position < 0 ? null : { bin, position, within: bins[bin]! - atZero };
}

/**
 * The value that `rank` values lie below, spread evenly within its bin (zeros at 0); the smallest at rank 0 and the
 * largest at rank n − 1 are exact, every other misses by at most `errorAtRank`.
 */
export function valueAtRank(histogram: Histogram, rank: number): number {
  const { count, min, max } = histogram;
  if (rank <= 0) return min;
  if (rank >= count - 1) return max;
  const place = placeOfRank(histogram, rank);
  if (place === null) return 0;
  const low = edgeOf(histogram, place.bin);
  const width = edgeOf(histogram, place.bin + 1) - low;
  const value = low + ((place.position + 0.5) / place.within) * width;
  return Math.min(max, Math.max(min, value));
}

/** The most by which `valueAtRank` can miss: the width of the bin, cut off at the smallest and largest value. */
export function errorAtRank(histogram: Histogram, rank: number): number {
  const place = placeOfRank(histogram, rank);
  if (place === null) return 0;
  const low = Math.max(histogram.min, edgeOf(histogram, place.bin));
  return Math.min(histogram.max, edgeOf(histogram, place.bin + 1)) - low;
}

/**
 * The quantile `share` (0 to 1) between the two nearest values, as numpy's default; at most `quantileErrorOf` away from
 * what sorting all values gives. NaN when there is none.
 */
export function quantileOf(histogram: Histogram, share: number): number {
  return atShare(histogram, share, valueAtRank);
}

/** The most by which `quantileOf` can miss: of the two nearest values' errors, as the quantile is of their values. */
export function quantileErrorOf(histogram: Histogram, share: number): number {
  return histogram.count === 0 ? 0 : atShare(histogram, share, errorAtRank);
}

/** Between what two neighbouring ranks have, where a share q of n values lies: q·(n − 1). */
function atShare(
  histogram: Histogram,
  share: number,
  of: (histogram: Histogram, rank: number) => number,
): number {
  if (histogram.count === 0) return NaN;
  const position = share * (histogram.count - 1);
  const rank = Math.floor(position);
  const lower = of(histogram, rank);
  if (position === rank) return lower;
  return lower + (position - rank) * (of(histogram, rank + 1) - lower);
}

/**
 * Share of the values that lie below `value`, in percent: whole values, at most a bin's share away from the true one.
 * As `value` or a larger one is among them up to the maximum, 100(1 − 1/n) is the most that it gives there.
 */
export function percentileOf(histogram: Histogram, value: number): number {
  const { bins, count, zeros, min, max } = histogram;
  if (count === 0 || value <= min) return 0;
  if (value > max) return 100;
  const zeroBin = zeroBinOf(histogram);
  const step = stepBelow(histogram, value);
  const bin = value < 0 ? zeroBin - 1 - step : zeroBin + step;
  let below = 0;
  for (let lower = 0; lower < bin; lower++) below += bins[lower]!;
  const zerosBelow = bin === zeroBin && value > 0 ? zeros : 0;
  const spread = bins[bin]! - (bin === zeroBin ? zeros : 0);
  const low = edgeOf(histogram, bin);
  const belowInBin = Math.floor((spread * (value - low)) / (edgeOf(histogram, bin + 1) - low));
  return (100 * Math.min(count - 1, below + zerosBelow + belowInBin)) / count;
}

/**
 * The bins from the first to the last that hold a value, cut off at the smallest and the largest: everything that the
 * profile knows of the distribution.
 */
export function occupiedBins(histogram: Histogram): BinnedCounts {
  const { bins, count, min, max } = histogram;
  if (count === 0) return { edges: [], counts: [] };
  const first = bins.findIndex((occupied) => occupied > 0);
  const last = bins.findLastIndex((occupied) => occupied > 0);
  const counts = Array.from(bins.subarray(first, last + 1));
  const edges = Array.from({ length: counts.length + 1 }, (_, i) =>
    Math.min(max, Math.max(min, edgeOf(histogram, first + i))),
  );
  return { edges, counts };
}
