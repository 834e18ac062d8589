import { pushCandidate } from './candidates';
import { scaleOf, widen } from './histogram';
import { BIN_BYTES, LIMIT_BYTES, ROW_BYTES, Scratch, State, TILE_WIDTH, ZERO_BIN } from './layout';
import { addPowerSums } from './moments';

const COLUMN: usize = TILE_WIDTH * 8;
const ENDS_COLUMN: usize = TILE_WIDTH * 4;

/** Sums, ends and positives of four neurons of the tile, from `lane` on, written to the scratch. */
export function sumUp(state: State, scratch: Scratch, first: i32, lane: i32, length: i32): void {
  const column = scratch.tile + ((<usize>lane) << 2);
  const sums = scratch.sums + ((<usize>lane) << 3);
  for (let i = 0; i < 4; i++) {
    const at = (<usize>(first + lane + i)) << 3;
    const empty = load<f64>(state.count + at) == 0;
    const value = <f64>load<f32>(column + ((<usize>i) << 2));
    store<f64>(sums + ((<usize>i) << 3), empty ? value : load<f64>(state.mean + at));
  }
  const shiftA = v128.load(sums);
  const shiftB = v128.load(sums, 16);
  const zero = f64x2.splat(0);
  let s1A = zero,
    s2A = zero,
    s3A = zero,
    s4A = zero,
    absoluteA = zero;
  let s1B = zero,
    s2B = zero,
    s3B = zero,
    s4B = zero,
    absoluteB = zero;
  let positive = i32x4.splat(0);
  let least = v128.load(column);
  let most = least;
  for (let row = 0; row < length; row++) {
    const values = v128.load(column + <usize>(row * ROW_BYTES));
    least = f32x4.min(least, values);
    most = f32x4.max(most, values);
    positive = i32x4.sub(positive, f32x4.gt(values, f32x4.splat(0)));
    const valuesA = f64x2.promote_low_f32x4(values);
    const valuesB = f64x2.promote_low_f32x4(i32x4.shuffle(values, values, 2, 3, 2, 3));
    absoluteA = f64x2.add(absoluteA, f64x2.abs(valuesA));
    absoluteB = f64x2.add(absoluteB, f64x2.abs(valuesB));
    const deviationA = f64x2.sub(valuesA, shiftA);
    const deviationB = f64x2.sub(valuesB, shiftB);
    const squareA = f64x2.mul(deviationA, deviationA);
    const squareB = f64x2.mul(deviationB, deviationB);
    s1A = f64x2.add(s1A, deviationA);
    s1B = f64x2.add(s1B, deviationB);
    s2A = f64x2.add(s2A, squareA);
    s2B = f64x2.add(s2B, squareB);
    s3A = f64x2.add(s3A, f64x2.mul(squareA, deviationA));
    s3B = f64x2.add(s3B, f64x2.mul(squareB, deviationB));
    s4A = f64x2.add(s4A, f64x2.mul(squareA, squareA));
    s4B = f64x2.add(s4B, f64x2.mul(squareB, squareB));
  }
  v128.store(sums + COLUMN, s1A);
  v128.store(sums + COLUMN, s1B, 16);
  v128.store(sums + 2 * COLUMN, s2A);
  v128.store(sums + 2 * COLUMN, s2B, 16);
  v128.store(sums + 3 * COLUMN, s3A);
  v128.store(sums + 3 * COLUMN, s3B, 16);
  v128.store(sums + 4 * COLUMN, s4A);
  v128.store(sums + 4 * COLUMN, s4B, 16);
  v128.store(sums + 5 * COLUMN, absoluteA);
  v128.store(sums + 5 * COLUMN, absoluteB, 16);
  const ends = scratch.ends + ((<usize>lane) << 2);
  v128.store(ends, least);
  v128.store(ends + ENDS_COLUMN, most);
  v128.store(ends + 2 * ENDS_COLUMN, positive);
}

/** Whether all values that `sumUp` saw in the tile were finite: the fourth power of a float32 fits a float64. */
export function allFinite(scratch: Scratch): bool {
  const fourth = scratch.sums + 4 * COLUMN;
  for (let lane = 0; lane < TILE_WIDTH; lane++) {
    if (!(load<f64>(fourth + ((<usize>lane) << 3)) < Infinity)) return false;
  }
  return true;
}

/** Brings one neuron's state up to date with what `sumUp` found, all but the bins; they are made to fit. */
export function addSums(state: State, scratch: Scratch, neuron: i32, lane: i32, length: i32): void {
  const at = (<usize>neuron) << 3;
  const sums = scratch.sums + ((<usize>lane) << 3);
  addPowerSums(
    state,
    neuron,
    length,
    load<f64>(sums),
    load<f64>(sums + COLUMN),
    load<f64>(sums + 2 * COLUMN),
    load<f64>(sums + 3 * COLUMN),
    load<f64>(sums + 4 * COLUMN),
  );
  store<f64>(state.absoluteSum + at, load<f64>(state.absoluteSum + at) + load<f64>(sums + 5 * COLUMN));
  const half = at >> 1;
  const ends = scratch.ends + ((<usize>lane) << 2);
  const least = load<f32>(ends);
  const most = load<f32>(ends + ENDS_COLUMN);
  const positive = <f64>load<i32>(ends + 2 * ENDS_COLUMN);
  store<f64>(state.positive + at, load<f64>(state.positive + at) + positive);
  store<f32>(state.min + half, min(load<f32>(state.min + half), least + 0));
  store<f32>(state.max + half, max(load<f32>(state.max + half), most + 0));
  if (most >= load<f32>(state.topThreshold + half)) {
    pushCandidate(scratch.top, neuron, firstRowOf(scratch, lane, most));
  }
  if (least <= load<f32>(state.bottomThreshold + half)) {
    pushCandidate(scratch.bottom, neuron, firstRowOf(scratch, lane, least));
  }
  widen(state, neuron, least, most);
}

function firstRowOf(scratch: Scratch, lane: i32, value: f32): i32 {
  const column = scratch.tile + ((<usize>lane) << 2);
  let row = 0;
  while (load<f32>(column + <usize>(row * ROW_BYTES)) != value) row++;
  return row;
}

/** Counts four neurons' values into their bins and lists those that may be sampled. */
export function fillBins(state: State, scratch: Scratch, first: i32, lane: i32, length: i32): void {
  const column = scratch.tile + ((<usize>lane) << 2);
  const neuron = first + lane;
  const exponents = state.exponent + ((<usize>neuron) << 1);
  const scale = f32x4(
    scaleOf(load<i16>(exponents)),
    scaleOf(load<i16>(exponents, 2)),
    scaleOf(load<i16>(exponents, 4)),
    scaleOf(load<i16>(exponents, 6)),
  );
  const bins = state.bins + <usize>neuron * BIN_BYTES;
  const limits = state.sampleLimit + <usize>neuron * LIMIT_BYTES;
  const zero = f32x4.splat(0);
  for (let row = 0; row < length; row++) {
    const values = v128.load(column + <usize>(row * ROW_BYTES));
    const hash = load<u32>(scratch.hashes + ((<usize>row) << 2));
    const floors = i32x4.trunc_sat_f32x4_s(f32x4.floor(f32x4.mul(values, scale)));
    // A product too small for a float32 becomes −0, but its bin is the one under 0.
    const steps = v128.bitselect(i32x4.min_s(floors, i32x4.splat(-1)), floors, f32x4.lt(values, zero));
    const chosen = i32x4.add(steps, i32x4.splat(ZERO_BIN));
    countOne(bins, limits, i32x4.extract_lane(chosen, 0), hash, scratch, neuron, row);
    countOne(
      bins + BIN_BYTES,
      limits + LIMIT_BYTES,
      i32x4.extract_lane(chosen, 1),
      hash,
      scratch,
      neuron + 1,
      row,
    );
    countOne(
      bins + 2 * BIN_BYTES,
      limits + 2 * LIMIT_BYTES,
      i32x4.extract_lane(chosen, 2),
      hash,
      scratch,
      neuron + 2,
      row,
    );
    countOne(
      bins + 3 * BIN_BYTES,
      limits + 3 * LIMIT_BYTES,
      i32x4.extract_lane(chosen, 3),
      hash,
      scratch,
      neuron + 3,
      row,
    );
  }
}

function countOne(
  bins: usize,
  limits: usize,
  bin: i32,
  hash: u32,
  scratch: Scratch,
  neuron: i32,
  row: i32,
): void {
  const counter = bins + ((<usize>bin) << 2);
  store<u32>(counter, load<u32>(counter) + 1);
  if (hash <= load<u32>(limits + ((<usize>(bin >> 4)) << 2))) pushCandidate(scratch.sample, neuron, row);
}
