import { BLOCK_LENGTH, LIMIT_BYTES, Scratch, Site, ZERO_BIN, blockAt, valuesOf } from './layout';
import { offerSample } from './samples';
import { highestKey, keysOf, stepOf, stepsOf } from './steps';
import { superBinOf, superBinsOf } from './superBins';

/**
 * Finds the bins of a column, which must have been made to fit, and offers its values to the neuron's samples.
 * @param finite whether all values are.
 * @returns how many values have a bin.
 */
export function chooseBins(site: Site, scratch: Scratch, blocks: i32, finite: bool): i32 {
  const neuron = scratch.column.neuron;
  const highest = highestKey(<i32>load<i16>(site.state.exponent + ((<usize>neuron) << 1)));
  return finite
    ? chooseSixteens(site, scratch, blocks, highest)
    : chooseOneByOne(site, scratch, blocks, highest);
}

function chooseSixteens(site: Site, scratch: Scratch, blocks: i32, highest: i32): i32 {
  const column = scratch.column;
  const zeroBin = i16x8.splat(<i16>ZERO_BIN);
  let limitBytes = limitBytesOf(site, column.neuron);
  let to = column.chosen;
  for (let block = 0; block < blocks; block++) {
    const length = blockAt(scratch, block).length;
    const first = valuesOf(column, block);
    for (let row = 0; row < length; row += 16) {
      const values = first + ((<usize>row) << 2);
      const keysA = keysOf(v128.load(values), v128.load(values, 16));
      const keysB = keysOf(v128.load(values, 32), v128.load(values, 48));
      const negativeA = i16x8.shr_s(keysA, 15);
      const negativeB = i16x8.shr_s(keysB, 15);
      const stepsA = stepsOf(keysA, highest);
      const stepsB = stepsOf(keysB, highest);
      const chosen = to + ((<usize>row) << 1);
      v128.store(chosen, i16x8.add(v128.xor(stepsA, negativeA), zeroBin));
      v128.store(chosen, i16x8.add(v128.xor(stepsB, negativeB), zeroBin), 16);
      const superBins = superBinsOf(stepsA, stepsB, negativeA, negativeB);
      const hashes = v128.load(scratch.hashBytes + <usize>(block * BLOCK_LENGTH + row));
      const within = i8x16.bitmask(i8x16.le_u(hashes, i8x16.swizzle(limitBytes, superBins)));
      if (within == 0) continue;
      offerRows(site, scratch, block, row, highest, within);
      limitBytes = limitBytesOf(site, column.neuron);
    }
    to += (<usize>length) << 1;
  }
  return <i32>((to - column.chosen) >> 1);
}

/** The highest byte of each super-bin's limit. */
function limitBytesOf(site: Site, neuron: i32): v128 {
  const limits = site.samples.limit + <usize>neuron * LIMIT_BYTES;
  return lowestBytes(
    i32x4.shr_u(v128.load(limits), 24),
    i32x4.shr_u(v128.load(limits, 16), 24),
    i32x4.shr_u(v128.load(limits, 32), 24),
    i32x4.shr_u(v128.load(limits, 48), 24),
  );
}

function lowestBytes(a: v128, b: v128, c: v128, d: v128): v128 {
  const byte = i32x4.splat(255);
  return i8x16.narrow_i16x8_u(
    i16x8.narrow_i32x4_u(v128.and(a, byte), v128.and(b, byte)),
    i16x8.narrow_i32x4_u(v128.and(c, byte), v128.and(d, byte)),
  );
}

/** @param within of 16 rows from `from` on, a bit where the highest byte of the hash is within the limit's. */
function offerRows(site: Site, scratch: Scratch, block: i32, from: i32, highest: i32, within: i32): void {
  const length = blockAt(scratch, block).length;
  const first = valuesOf(scratch.column, block);
  for (let left = within; left != 0; left &= left - 1) {
    const row = from + ctz(left);
    if (row >= length) return;
    const value = load<f32>(first + ((<usize>row) << 2));
    offerSample(site, scratch, block * BLOCK_LENGTH + row, superBinOf(stepOf(value, highest), value < 0));
  }
}

/** Leaves out what is not finite. */
function chooseOneByOne(site: Site, scratch: Scratch, blocks: i32, highest: i32): i32 {
  const column = scratch.column;
  let count = 0;
  for (let block = 0; block < blocks; block++) {
    const length = blockAt(scratch, block).length;
    const first = valuesOf(column, block);
    for (let row = 0; row < length; row++) {
      const value = load<f32>(first + ((<usize>row) << 2));
      if (!isFinite(value)) continue;
      const step = stepOf(value, highest);
      const bin = value < 0 ? ZERO_BIN - 1 - step : ZERO_BIN + step;
      store<u16>(column.chosen + ((<usize>count) << 1), <u16>bin);
      count++;
      offerSample(site, scratch, block * BLOCK_LENGTH + row, superBinOf(step, value < 0));
    }
  }
  return count;
}
