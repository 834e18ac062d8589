import { scaleOf } from './histogram';
import { BLOCK_LENGTH, LIMIT_BYTES, Scratch, Site, ZERO_BIN, blockAt, valuesOf } from './layout';
import { offerSample } from './samples';

/** 1.5 · 2^23: a small whole number that is added to it stands in the sum's last bits. */
const WHOLE: f32 = 12582912;
/** The four highest bits of a bin tell its super-bin. */
const SUPER_BIN_SHIFT: i32 = 4;

/**
 * Finds the bins of a column, which must have been made to fit, and offers its values to the neuron's samples.
 * @param finite whether all values are.
 * @returns how many values have a bin.
 */
export function chooseBins(site: Site, scratch: Scratch, blocks: i32, finite: bool): i32 {
  const neuron = scratch.column.neuron;
  const exponent = <i32>load<i16>(site.state.exponent + ((<usize>neuron) << 1));
  // With wide bins a product can be too small for a float32; it becomes −0, but its bin is the one under 0.
  const inSixteens = finite && exponent <= 0;
  let count = 0;
  for (let block = 0; block < blocks; block++) {
    count += inSixteens
      ? chooseSixteens(site, scratch, block, count, scaleOf(exponent))
      : chooseOneByOne(site, scratch, block, count, scaleOf(exponent));
  }
  return count;
}

/** @param from how many bins were chosen before. @returns how many more there are. */
function chooseSixteens(site: Site, scratch: Scratch, block: i32, from: i32, scale: f32): i32 {
  const column = scratch.column;
  const scales = f32x4.splat(scale);
  const limitBytes = limitBytesOf(site, column.neuron);
  const length = blockAt(scratch, block).length;
  const first = valuesOf(column, block);
  const to = column.chosen + <usize>from;
  for (let row = 0; row < length; row += 16) {
    const values = first + ((<usize>row) << 2);
    const chosen = lowestBytes(
      binsOf(v128.load(values), scales),
      binsOf(v128.load(values, 16), scales),
      binsOf(v128.load(values, 32), scales),
      binsOf(v128.load(values, 48), scales),
    );
    v128.store(to + <usize>row, chosen);
    const superBins = v128.and(i16x8.shr_u(chosen, SUPER_BIN_SHIFT), i8x16.splat(15));
    const hashes = v128.load(scratch.hashBytes + <usize>(block * BLOCK_LENGTH + row));
    const within = i8x16.bitmask(i8x16.le_u(hashes, i8x16.swizzle(limitBytes, superBins)));
    if (within != 0) offerRows(site, scratch, block, row, to, within);
  }
  return length;
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

/** In the lowest byte of each of four values its bin. */
function binsOf(values: v128, scales: v128): v128 {
  return f32x4.add(f32x4.floor(f32x4.mul(values, scales)), f32x4.splat(WHOLE + <f32>ZERO_BIN));
}

function lowestBytes(a: v128, b: v128, c: v128, d: v128): v128 {
  const byte = i32x4.splat(255);
  return i8x16.narrow_i16x8_u(
    i16x8.narrow_i32x4_u(v128.and(a, byte), v128.and(b, byte)),
    i16x8.narrow_i32x4_u(v128.and(c, byte), v128.and(d, byte)),
  );
}

/** @param within of 16 rows from `from` on, a bit where the highest byte of the hash is within the limit's. */
function offerRows(site: Site, scratch: Scratch, block: i32, from: i32, chosen: usize, within: i32): void {
  const length = blockAt(scratch, block).length;
  for (let left = within; left != 0; left &= left - 1) {
    const row = from + ctz(left);
    if (row >= length) return;
    const superBin = (<i32>load<u8>(chosen + <usize>row)) >> SUPER_BIN_SHIFT;
    offerSample(site, scratch, block * BLOCK_LENGTH + row, superBin);
  }
}

function chooseOneByOne(site: Site, scratch: Scratch, block: i32, from: i32, scale: f32): i32 {
  const column = scratch.column;
  const length = blockAt(scratch, block).length;
  const first = valuesOf(column, block);
  let count = 0;
  for (let row = 0; row < length; row++) {
    const value = load<f32>(first + ((<usize>row) << 2));
    if (!isFinite(value)) continue;
    const bin = <i32>Math.floor(<f64>value * scale) + ZERO_BIN;
    store<u8>(column.chosen + <usize>(from + count), <u8>bin);
    count++;
    offerSample(site, scratch, block * BLOCK_LENGTH + row, bin >> SUPER_BIN_SHIFT);
  }
  return count;
}
