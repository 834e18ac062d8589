import { Column, Sums } from './layout';

/** Sums up a column's finite values about a shift near their mean. */
export function sumUp(sums: Sums, column: Column, shift: f64): void {
  const whole = column.length & ~3;
  sumQuads(sums, column.values, whole, shift);
  // The fourth power of a float32 fits a float64, so the sum is finite exactly when all values are.
  if (sums.s4 < Infinity) sumRest(sums, column, whole);
  else {
    clear(sums, shift);
    sumRest(sums, column, 0);
  }
}

function clear(sums: Sums, shift: f64): void {
  sums.shift = shift;
  sums.s1 = sums.s2 = sums.s3 = sums.s4 = sums.absolute = 0;
  sums.min = f32.MAX_VALUE;
  sums.max = -f32.MAX_VALUE;
  sums.count = sums.positive = 0;
}

/** The first `length` values, four at a time. */
function sumQuads(sums: Sums, from: usize, length: i32, shift: f64): void {
  clear(sums, shift);
  const shifts = f64x2.splat(shift);
  let s1 = f64x2.splat(0);
  let s2 = s1;
  let s3 = s1;
  let s4 = s1;
  let absolute = s1;
  let positive = i32x4.splat(0);
  let least = f32x4.splat(sums.min);
  let most = f32x4.splat(sums.max);
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
  }
  sums.s1 = sumOf(s1);
  sums.s2 = sumOf(s2);
  sums.s3 = sumOf(s3);
  sums.s4 = sumOf(s4);
  sums.absolute = sumOf(absolute);
  sums.count = length;
  positive = i32x4.add(positive, i32x4.shuffle(positive, positive, 2, 3, 0, 1));
  sums.positive = i32x4.extract_lane(positive, 0) + i32x4.extract_lane(positive, 1);
  least = f32x4.pmin(least, i32x4.shuffle(least, least, 2, 3, 0, 1));
  most = f32x4.pmax(most, i32x4.shuffle(most, most, 2, 3, 0, 1));
  sums.min = min(f32x4.extract_lane(least, 0), f32x4.extract_lane(least, 1));
  sums.max = max(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1));
}

function sumOf(pair: v128): f64 {
  return f64x2.extract_lane(pair, 0) + f64x2.extract_lane(pair, 1);
}

/** Adds the values from `from` on that are finite, one by one. */
function sumRest(sums: Sums, column: Column, from: i32): void {
  for (let row = from; row < column.length; row++) {
    const value = load<f32>(column.values + ((<usize>row) << 2));
    if (!isFinite(value)) continue;
    const d = <f64>value - sums.shift;
    const dd = d * d;
    sums.s1 += d;
    sums.s2 += dd;
    sums.s3 += dd * d;
    sums.s4 += dd * dd;
    sums.absolute += Math.abs(value);
    sums.min = min(sums.min, value);
    sums.max = max(sums.max, value);
    sums.count++;
    if (value > 0) sums.positive++;
  }
}
