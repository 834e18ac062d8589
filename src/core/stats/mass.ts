import { edgeOf, type Histogram, zeroBinOf } from './histogram';

/** The share of tokens whose mass `topShare` gives. */
const TOP_TOKENS = 0.01;

/**
 * Σ|act| of each bin, adding up to the exact Σ|act|: bin midpoints (ends cut off at min and max) times counts, except
 * that the two bins at 0, where most values may be smaller than any midpoint, share what the others leave. What they
 * cannot hold, or lack, falls on the others by width times count.
 * Each bin's mass misses the true one by at most its width times its count.
 */
export function massOfBins(histogram: Histogram): Float64Array {
  const { bins, edges, zeros, absoluteSum, min, max } = histogram;
  const zeroBin = zeroBinOf(histogram);
  const masses = new Float64Array(bins.length);
  const spreads = new Float64Array(bins.length);
  let left = absoluteSum;
  let spread = 0;
  for (let bin = 0; bin < bins.length; bin++) {
    if (bins[bin] === 0 || bin === zeroBin - 1 || bin === zeroBin) continue;
    const low = Math.max(min, edgeOf(histogram, bin));
    const high = Math.min(max, edgeOf(histogram, bin + 1));
    masses[bin] = (bins[bin]! * Math.abs(low + high)) / 2;
    spreads[bin] = bins[bin]! * (high - low);
    left -= masses[bin]!;
    spread += spreads[bin]!;
  }
  const below = bins[zeroBin - 1]!;
  const above = bins[zeroBin]! - zeros;
  const inner = Math.max(0, Math.min(left, (below + above) * edges[1]!));
  if (below + above > 0) {
    masses[zeroBin - 1] = (inner * below) / (below + above);
    masses[zeroBin] = (inner * above) / (below + above);
  }
  if (spread > 0)
    for (let bin = 0; bin < bins.length; bin++) masses[bin]! += ((left - inner) * spreads[bin]!) / spread;
  return masses;
}

/** Share of Σ|act| that lies on the 1 % of tokens (at least one) of largest |act|; 0 where all values are 0. */
export function topShareOf(histogram: Histogram): number {
  const { bins, edges, count, absoluteSum, min, max } = histogram;
  const peak = Math.max(Math.abs(min), Math.abs(max));
  if (absoluteSum === 0) return 0;
  const zeroBin = zeroBinOf(histogram);
  const masses = massOfBins(histogram);
  let left = Math.ceil(count * TOP_TOKENS);
  let mass = 0;
  for (let step = zeroBin - 1; step >= 0 && left > 0; step--) {
    const above = zeroBin + step;
    const below = zeroBin - 1 - step;
    const within = bins[above]! + bins[below]!;
    if (within === 0) continue;
    const taken = Math.min(left, within);
    const whole = masses[above]! + masses[below]!;
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
