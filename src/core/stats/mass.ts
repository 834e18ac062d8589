import { ZERO_BIN } from './dyadicHistogram';
import type { Histogram } from './histogram';
import { BIN_COUNT } from './siteSummary';

/** The share of tokens whose mass `topShare` gives. */
const TOP_TOKENS = 0.01;

/**
 * Σ|act| of each bin, [256], adding up to the exact Σ|act|: bin midpoints (ends cut off at min and max) times counts,
 * except that the two bins at 0, where most values are smaller than any midpoint, share what the others leave.
 * Each bin's mass misses the true one by at most half its width times its count.
 */
export function massOfBins(histogram: Histogram): Float64Array {
  const { bins, width, zeros, absoluteSum, min, max } = histogram;
  const masses = new Float64Array(BIN_COUNT);
  let outer = 0;
  for (let bin = 0; bin < BIN_COUNT; bin++) {
    if (bins[bin] === 0 || bin === ZERO_BIN - 1 || bin === ZERO_BIN) continue;
    const low = Math.max(min, (bin - ZERO_BIN) * width);
    const high = Math.min(max, (bin - ZERO_BIN + 1) * width);
    const mass = (bins[bin]! * Math.abs(low + high)) / 2;
    masses[bin] = mass;
    outer += mass;
  }
  const below = bins[ZERO_BIN - 1]!;
  const above = bins[ZERO_BIN]! - zeros;
  const inner = Math.max(0, Math.min(absoluteSum - outer, (below + above) * width));
  if (below + above > 0) {
    masses[ZERO_BIN - 1] = (inner * below) / (below + above);
    masses[ZERO_BIN] = (inner * above) / (below + above);
  }
  const scale = outer + inner > 0 ? absoluteSum / (outer + inner) : 0;
  for (let bin = 0; bin < BIN_COUNT; bin++) masses[bin]! *= scale;
  return masses;
}

/** Share of Σ|act| that lies on the 1 % of tokens (at least one) of largest |act|; 0 where all values are 0. */
export function topShareOf(histogram: Histogram): number {
  const { bins, width, count, absoluteSum, min, max } = histogram;
  const peak = Math.max(Math.abs(min), Math.abs(max));
  if (absoluteSum === 0) return 0;
  const masses = massOfBins(histogram);
  let left = Math.ceil(count * TOP_TOKENS);
  let mass = 0;
  for (let step = BIN_COUNT / 2 - 1; step >= 0 && left > 0; step--) {
    const above = ZERO_BIN + step;
    const below = ZERO_BIN - 1 - step;
    const within = bins[above]! + bins[below]!;
    if (within === 0) continue;
    const taken = Math.min(left, within);
    const whole = masses[above]! + masses[below]!;
    // Of values spread evenly over a bin, the upper part lies above their mean by half of what is left below it.
    const mean = whole / within + (1 - taken / within) * (width / 2);
    mass += Math.min(whole, taken * Math.min(mean, (step + 1) * width, peak));
    left -= taken;
  }
  return Math.min(1, mass / absoluteSum);
}

/** Σ|act| of the `rank` smallest values. */
export function massBelowRank({ bins, zeros }: Histogram, masses: Float64Array, rank: number): number {
  let before = 0;
  let mass = 0;
  for (let bin = 0; bin < BIN_COUNT && before < rank; bin++) {
    const within = bins[bin]!;
    if (within === 0) continue;
    const massless = bin === ZERO_BIN ? zeros : 0;
    const taken = Math.min(within, rank - before);
    if (taken > massless) mass += (masses[bin]! * (taken - massless)) / (within - massless);
    before += within;
  }
  return mass;
}
