import { KEY_SHIFT, lowestKey } from './histogram';
import { BLOCK_LENGTH, LIMIT_BYTES, Scratch, Site, ZERO_BIN, blockAt, valuesOf } from './layout';
import { offerSample } from './samples';
import { superBinOf, superBinsOf } from './superBins';

/** A key without its sign. */
const SIZE_MASK: i32 = 0xfff;

/**
 * Finds the bins of a column, which must have been made to fit, and offers its values to the neuron's samples.
 * @param finite whether all values are.
 * @returns how many values have a bin.
 */
export function chooseBins(site: Site, scratch: Scratch, blocks: i32, finite: bool): i32 {
  const neuron = scratch.column.neuron;
  const exponent = <i32>load<i16>(site.state.exponent + ((<usize>neuron) << 1));
  let count = 0;
  for (let block = 0; block < blocks; block++) {
    count += finite
      ? chooseSixteens(site, scratch, block, count, lowestKey(exponent))
      : chooseOneByOne(site, scratch, block, count, lowestKey(exponent));
  }
  return count;
}

/** @param from how many bins were chosen before. @returns how many more there are. */
function chooseSixteens(site: Site, scratch: Scratch, block: i32, from: i32, lowest: i32): i32 {
  const column = scratch.column;
  const lowestKeys = i16x8.splat(<i16>lowest);
  const limitBytes = limitBytesOf(site, column.neuron);
  const length = blockAt(scratch, block).length;
  const first = valuesOf(column, block);
  const to = column.chosen + ((<usize>from) << 1);
  for (let row = 0; row < length; row += 16) {
    const values = first + ((<usize>row) << 2);
    const keysA = keysOf(v128.load(values), v128.load(values, 16));
    const keysB = keysOf(v128.load(values, 32), v128.load(values, 48));
    const negativeA = i16x8.shr_s(keysA, 15);
    const negativeB = i16x8.shr_s(keysB, 15);
    const stepsA = stepsOf(keysA, lowestKeys);
    const stepsB = stepsOf(keysB, lowestKeys);
    const chosen = to + ((<usize>row) << 1);
    v128.store(chosen, i16x8.add(v128.xor(stepsA, negativeA), i16x8.splat(<i16>ZERO_BIN)));
    v128.store(chosen, i16x8.add(v128.xor(stepsB, negativeB), i16x8.splat(<i16>ZERO_BIN)), 16);
    const superBins = superBinsOf(stepsA, stepsB, negativeA, negativeB);
    const hashes = v128.load(scratch.hashBytes + <usize>(block * BLOCK_LENGTH + row));
    const within = i8x16.bitmask(i8x16.le_u(hashes, i8x16.swizzle(limitBytes, superBins)));
    if (within != 0) offerRows(site, scratch, block, row, lowest, within);
  }
  return length;
}

/** Of eight values sign, exponent and highest bits of the mantissa, as 16-bit numbers. Adding 0 turns −0 into 0. */
function keysOf(a: v128, b: v128): v128 {
  const zero = f32x4.splat(0);
  return i16x8.narrow_i32x4_s(
    i32x4.shr_s(f32x4.add(a, zero), KEY_SHIFT),
    i32x4.shr_s(f32x4.add(b, zero), KEY_SHIFT),
  );
}

/** How many bins each lies away from 0 on its side. */
function stepsOf(keys: v128, lowestKeys: v128): v128 {
  return i16x8.sub_sat_u(v128.and(keys, i16x8.splat(<i16>SIZE_MASK)), lowestKeys);
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
function offerRows(site: Site, scratch: Scratch, block: i32, from: i32, lowest: i32, within: i32): void {
  const length = blockAt(scratch, block).length;
  const first = valuesOf(scratch.column, block);
  for (let left = within; left != 0; left &= left - 1) {
    const row = from + ctz(left);
    if (row >= length) return;
    const value = load<f32>(first + ((<usize>row) << 2));
    offerSample(site, scratch, block * BLOCK_LENGTH + row, superBinOf(stepOf(value, lowest), value < 0));
  }
}

function chooseOneByOne(site: Site, scratch: Scratch, block: i32, from: i32, lowest: i32): i32 {
  const column = scratch.column;
  const length = blockAt(scratch, block).length;
  const first = valuesOf(column, block);
  let count = 0;
  for (let row = 0; row < length; row++) {
    const value = load<f32>(first + ((<usize>row) << 2));
    if (!isFinite(value)) continue;
    const step = stepOf(value, lowest);
    const bin = value < 0 ? ZERO_BIN - 1 - step : ZERO_BIN + step;
    store<u16>(column.chosen + ((<usize>(from + count)) << 1), <u16>bin);
    count++;
    offerSample(site, scratch, block * BLOCK_LENGTH + row, superBinOf(step, value < 0));
  }
  return count;
}

function stepOf(value: f32, lowest: i32): i32 {
  return max(0, ((reinterpret<i32>(value) >> KEY_SHIFT) & SIZE_MASK) - lowest);
}
