import { edgeOf, type Histogram, zeroBinOf } from './histogram';

/** The share of tokens whose mass `topShare` gives. */
const TOP_TOKENS = 0.01;

/** How the exact Σ|act| is shared among the bins of a histogram. */
interface MassShares {
  /** What the two bins at 0 hold. */
  readonly inner: number;
  /** What neither these nor the midpoints of the others hold, and Σ width · count of the others, by which it falls on them. */
  readonly rest: number;
  readonly spread: number;
}

/**
 * Σ|act| of each bin, adding up to the exact Σ|act|: bin midpoints (ends cut off at min and max) times counts, except
 * that the two bins at 0, where most values may be smaller than any midpoint, share what the others leave. What they
 * cannot hold, or lack, falls on the others by width times count.
 * Each bin's mass misses the true one by at most its width times its count.
 */
export function massOfBins(histogram: Histogram): Float64Array {
  const shares = massShares(histogram);
  return Float64Array.from(histogram.bins, (_, bin) => massOfBin(histogram, shares, bin));
}

function massShares(histogram: Histogram): MassShares {
  const { bins, edges, min, max, absoluteSum } = histogram;
  const zeroBin = zeroBinOf(histogram);
  let left = absoluteSum;
  let spread = 0;
  for (let bin = 0; bin < bins.length; bin++) {
    const within = bins[bin]!;
    if (within === 0 || bin === zeroBin - 1 || bin === zeroBin) continue;
    const step = bin - zeroBin;
    const low = Math.max(min, step < 0 ? -edges[-step]! : edges[step]!);
    const high = Math.min(max, step < 0 ? -edges[-step - 1]! : edges[step + 1]!);
    left -= (within * Math.abs(low + high)) / 2;
    spread += within * (high - low);
  }
  const near = bins[zeroBin - 1]! + bins[zeroBin]! - histogram.zeros;
  const inner = Math.max(0, Math.min(left, near * edges[1]!));
  return { inner, rest: left - inner, spread };
}

function massOfBin(histogram: Histogram, { inner, rest, spread }: MassShares, bin: number): number {
  const { bins, zeros } = histogram;
  const zeroBin = zeroBinOf(histogram);
  if (bins[bin] === 0) return 0;
  if (bin !== zeroBin - 1 && bin !== zeroBin) {
    const falling = spread > 0 ? (rest * widthMass(histogram, bin)) / spread : 0;
    return midpointMass(histogram, bin) + falling;
  }
  const near = bins[zeroBin - 1]! + bins[zeroBin]! - zeros;
  return near > 0 ? (inner * (bins[bin]! - (bin === zeroBin ? zeros : 0))) / near : 0;
}

function midpointMass(histogram: Histogram, bin: number): number {
  return (histogram.bins[bin]! * Math.abs(lowOf(histogram, bin) + highOf(histogram, bin))) / 2;
}

function widthMass(histogram: Histogram, bin: number): number {
  return histogram.bins[bin]! * (highOf(histogram, bin) - lowOf(histogram, bin));
}

function lowOf(histogram: Histogram, bin: number): number {
  return Math.max(histogram.min, edgeOf(histogram, bin));
}

function highOf(histogram: Histogram, bin: number): number {
  return Math.min(histogram.max, edgeOf(histogram, bin + 1));
}

/** Share of Σ|act| that lies on the 1 % of tokens (at least one) of largest |act|; 0 where all values are 0. */
export function topShareOf(histogram: Histogram): number {
  const { bins, edges, count, absoluteSum, min, max } = histogram;
  const peak = Math.max(Math.abs(min), Math.abs(max));
  if (absoluteSum === 0) return 0;
  const zeroBin = zeroBinOf(histogram);
  const shares = massShares(histogram);
  let left = Math.ceil(count * TOP_TOKENS);
  let mass = 0;
  for (let step = zeroBin - 1; step >= 0 && left > 0; step--) {
    const above = zeroBin + step;
    const below = zeroBin - 1 - step;
    const within = bins[above]! + bins[below]!;
    if (within === 0) continue;
    const taken = Math.min(left, within);
    const whole = massOfBin(histogram, shares, above) + massOfBin(histogram, shares, below);
    // Of values spread evenly over a bin, the upper part lies above their mean by half of what is left below it.
    const width = edges[step + 1]! - edges[step]!;
    const mean = whole / within + (1 - taken / within) * (width / 2);
    mass += Math.min(whole, taken * Math.min(mean, edges[step + 1]!, peak));
    left -= taken;
  }
  return Math.min(1, mass / absoluteSum);
}

/** Σ|act| of the `rank` smallest values. */
export function massBelowRank(histogram: Histogram, masses: Float64Array, rank: number): number {
  const { bins, zeros } = histogram;
  const zeroBin = zeroBinOf(histogram);
  let before = 0;
  let mass = 0;
  for (let bin = 0; bin < bins.length && before < rank; bin++) {
    const within = bins[bin]!;
    if (within === 0) continue;
    const massless = bin === zeroBin ? zeros : 0;
    const taken = Math.min(within, rank - before);
    if (taken > massless) mass += (masses[bin]! * (taken - massless)) / (within - massless);
    before += within;
  }
  return mass;
}
