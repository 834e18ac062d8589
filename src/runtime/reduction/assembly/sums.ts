import { clearExtremes, noteExtremes } from './blockExtremes';
import { countRow } from './counting';
import { Scratch, Sums, blockAt, valuesOf } from './layout';

/** Sums up a column's finite values about a shift near their mean, and finds the extremes of its blocks. */
export function sumUp(scratch: Scratch, blocks: i32, shift: f64): void {
  const sums = scratch.sums;
  sumQuads(scratch, blocks, shift);
  for (let block = 0; block < blocks; block++) {
    const length = blockAt(scratch, block).length;
    if ((length & 3) != 0) sumRest(scratch, block, length & ~3, length);
  }
  // The fourth power of a float32 fits a float64, so the sum is finite exactly when all values are.
  if (sums.s4 < Infinity) return;
  clear(sums, shift);
  clearExtremes(scratch);
  for (let block = 0; block < blocks; block++) {
    sumRest(scratch, block, 0, blockAt(scratch, block).length);
  }
}

function clear(sums: Sums, shift: f64): void {
  sums.shift = shift;
  sums.s1 = sums.s2 = sums.s3 = sums.s4 = sums.absolute = 0;
  sums.length = sums.count = sums.positive = 0;
}

/**
 * Every block's values, four at a time, but for a last one, two or three. The bins of the four neurons before are counted
 * along: counting keeps the processor loading and storing, summing up keeps it adding and multiplying.
 */
function sumQuads(scratch: Scratch, blocks: i32, shift: f64): void {
  const sums = scratch.sums;
  const shifts = f64x2.splat(shift);
  let s1 = f64x2.splat(0);
  let s2 = s1;
  let s3 = s1;
  let s4 = s1;
  let absolute = s1;
  let positive = i32x4.splat(0);
  const counting = scratch.counting;
  const bins = counting.bins;
  const chosenEnd = counting.end;
  let chosen = counting.row;
  let count = 0;
  clearExtremes(scratch);
  for (let block = 0; block < blocks; block++) {
    let least = f32x4.splat(f32.MAX_VALUE);
    let most = f32x4.splat(-f32.MAX_VALUE);
    const length = blockAt(scratch, block).length & ~3;
    const from = valuesOf(scratch.column, block);
    const end = from + ((<usize>length) << 2);
    for (let at = from; at < end; at += 16) {
      const values = v128.load(at);
      least = f32x4.pmin(least, values);
      most = f32x4.pmax(most, values);
      positive = i32x4.sub(positive, f32x4.gt(values, f32x4.splat(0)));
      const low = f64x2.promote_low_f32x4(v128.load64_zero(at));
      const high = f64x2.promote_low_f32x4(v128.load64_zero(at, 8));
      absolute = f64x2.add(absolute, f64x2.add(f64x2.abs(low), f64x2.abs(high)));
      const d = f64x2.sub(low, shifts);
      const e = f64x2.sub(high, shifts);
      const dd = f64x2.mul(d, d);
      const ee = f64x2.mul(e, e);
      s1 = f64x2.add(s1, f64x2.add(d, e));
      s2 = f64x2.add(s2, f64x2.add(dd, ee));
      s3 = f64x2.add(s3, f64x2.add(f64x2.mul(dd, d), f64x2.mul(ee, e)));
      s4 = f64x2.add(s4, f64x2.add(f64x2.mul(dd, dd), f64x2.mul(ee, ee)));
      if (chosen < chosenEnd) {
        countRow(bins, chosen);
        chosen += 2;
      }
    }
    count += length;
    noteExtremes(scratch, block, least, most);
  }
  counting.row = chosen;
  clear(sums, shift);
  sums.s1 = sumOf(s1);
  sums.s2 = sumOf(s2);
  sums.s3 = sumOf(s3);
  sums.s4 = sumOf(s4);
  sums.absolute = sumOf(absolute);
  sums.length = sums.count = count;
  positive = i32x4.add(positive, i32x4.shuffle(positive, positive, 2, 3, 0, 1));
  sums.positive = i32x4.extract_lane(positive, 0) + i32x4.extract_lane(positive, 1);
}

function sumOf(pair: v128): f64 {
  return f64x2.extract_lane(pair, 0) + f64x2.extract_lane(pair, 1);
}

/** Adds a block's values that are finite, one by one. */
function sumRest(scratch: Scratch, block: i32, from: i32, length: i32): void {
  const sums = scratch.sums;
  const values = valuesOf(scratch.column, block);
  const at = (<usize>block) << 2;
  let least = load<f32>(scratch.blockMin + at);
  let most = load<f32>(scratch.blockMax + at);
  for (let row = from; row < length; row++) {
    const value = load<f32>(values + ((<usize>row) << 2));
    sums.length++;
    if (!isFinite(value)) continue;
    const d = <f64>value - sums.shift;
    const dd = d * d;
    sums.s1 += d;
    sums.s2 += dd;
    sums.s3 += dd * d;
    sums.s4 += dd * dd;
    sums.absolute += Math.abs(value);
    least = min(least, value);
    most = max(most, value);
    sums.count++;
    if (value > 0) sums.positive++;
  }
  store<f32>(scratch.blockMin + at, least);
  store<f32>(scratch.blockMax + at, most);
}
