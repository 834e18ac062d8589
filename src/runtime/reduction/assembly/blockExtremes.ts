import { offerExtreme } from './extremes';
import { leastOf, mostOf } from './lanes';
import { Scratch, Site } from './layout';

/** Four blocks' floats, and those of all 16. */
const QUAD_BYTES: usize = 16;
const EXTREMES_BYTES: usize = 4 * QUAD_BYTES;

/** Marks all blocks as without a finite value. */
export function clearExtremes(scratch: Scratch): void {
  for (let at: usize = 0; at < EXTREMES_BYTES; at += QUAD_BYTES) {
    v128.store(scratch.blockMin + at, f32x4.splat(f32.MAX_VALUE));
    v128.store(scratch.blockMax + at, f32x4.splat(-f32.MAX_VALUE));
  }
}

/** Notes the least of four values as a block's smallest, and the largest of four others as its largest. */
export function noteExtremes(scratch: Scratch, block: i32, least: v128, most: v128): void {
  const at = (<usize>block) << 2;
  v128.store32_lane(scratch.blockMin + at, leastOf(least), 0);
  v128.store32_lane(scratch.blockMax + at, mostOf(most), 0);
}

/** Offers the smallest and the largest value of every block, and finds those of all. */
export function offerExtremes(site: Site, scratch: Scratch): void {
  const neuron = (<usize>scratch.column.neuron) << 2;
  const top = v128.load32_splat(site.top.threshold + neuron);
  const bottom = v128.load32_splat(site.bottom.threshold + neuron);
  let least = f32x4.splat(f32.MAX_VALUE);
  let most = f32x4.splat(-f32.MAX_VALUE);
  let reachTop = 0;
  let reachBottom = 0;
  for (let at: usize = 0; at < EXTREMES_BYTES; at += QUAD_BYTES) {
    const blockMin = v128.load(scratch.blockMin + at);
    const blockMax = v128.load(scratch.blockMax + at);
    const known = f32x4.le(blockMin, blockMax);
    const firstBlock = (<i32>at) >> 2;
    reachTop |= i32x4.bitmask(v128.and(known, f32x4.ge(blockMax, top))) << firstBlock;
    reachBottom |= i32x4.bitmask(v128.and(known, f32x4.le(blockMin, bottom))) << firstBlock;
    least = f32x4.pmin(least, blockMin);
    most = f32x4.pmax(most, blockMax);
  }
  scratch.sums.min = f32x4.extract_lane(leastOf(least), 0);
  scratch.sums.max = f32x4.extract_lane(mostOf(most), 0);
  // The thresholds move as values are offered.
  for (; reachTop != 0; reachTop &= reachTop - 1) {
    const block = ctz(reachTop);
    const value = load<f32>(scratch.blockMax + ((<usize>block) << 2));
    if (value >= load<f32>(site.top.threshold + neuron)) offerExtreme(site.top, 1, value, scratch, block);
  }
  for (; reachBottom != 0; reachBottom &= reachBottom - 1) {
    const block = ctz(reachBottom);
    const value = load<f32>(scratch.blockMin + ((<usize>block) << 2));
    if (value <= load<f32>(site.bottom.threshold + neuron))
      offerExtreme(site.bottom, -1, value, scratch, block);
  }
}
