import { BIN_BYTES, BIN_COUNT, LIMIT_BYTES, LIMIT_COUNT, State, ZERO_BIN } from './layout';

/** Doubles a neuron's bins until the values fit, and its super-bins with them. */
export function widen(state: State, neuron: i32, min: f32, max: f32): void {
  const at = state.exponent + ((<usize>neuron) << 1);
  const exponent = <i32>load<i16>(at);
  let fitting = exponent;
  while (<f64>min < -edge(fitting) || <f64>max >= edge(fitting)) fitting++;
  if (fitting == exponent) return;
  store<i16>(at, <i16>fitting);
  pairUpBins(state.bins + <usize>neuron * BIN_BYTES, fitting - exponent);
  pairUpLimits(state.sampleLimit + <usize>neuron * LIMIT_BYTES, fitting - exponent);
}

/** 2^−exponent, by which values become bins. */
export function scaleOf(exponent: i32): f32 {
  return reinterpret<f32>((127 - exponent) << 23);
}

/** 128 · 2^exponent: values from here on have no bin. */
function edge(exponent: i32): f64 {
  return reinterpret<f64>((<i64>(exponent + 7 + 1023)) << 52);
}

/** Bins move towards 0 only, so those of each side can be moved in place from the middle outwards. */
function pairUpBins(bins: usize, doublings: i32): void {
  for (let bin = ZERO_BIN; bin < BIN_COUNT; bin++) moveBin(bins, bin, doublings);
  for (let bin = ZERO_BIN - 1; bin >= 0; bin--) moveBin(bins, bin, doublings);
}

function moveBin(bins: usize, bin: i32, doublings: i32): void {
  const from = bins + ((<usize>bin) << 2);
  const count = load<u32>(from);
  if (count == 0) return;
  const to = bins + ((<usize>pairedBin(bin, doublings, ZERO_BIN)) << 2);
  store<u32>(from, 0);
  store<u32>(to, load<u32>(to) + count);
}

/**
 * Doubles the width of the super-bins. The 4 lowest hashes of two together lie under either one's limit, so the lower
 * of both holds until the samples themselves have been paired up.
 */
function pairUpLimits(limits: usize, doublings: i32): void {
  for (let bin = LIMIT_COUNT / 2; bin < LIMIT_COUNT; bin++) moveLimit(limits, bin, doublings);
  for (let bin = LIMIT_COUNT / 2 - 1; bin >= 0; bin--) moveLimit(limits, bin, doublings);
}

function moveLimit(limits: usize, bin: i32, doublings: i32): void {
  const from = limits + ((<usize>bin) << 2);
  const limit = load<u32>(from);
  const to = limits + ((<usize>pairedBin(bin, doublings, LIMIT_COUNT / 2)) << 2);
  store<u32>(from, u32.MAX_VALUE);
  store<u32>(to, min(load<u32>(to), limit));
}

/** Where a bin comes to lie, counted from `zeroBin` at 0: shifts count modulo 32, and by 31 they leave 0 or −1. */
function pairedBin(bin: i32, doublings: i32, zeroBin: i32): i32 {
  return ((bin - zeroBin) >> min(doublings, 31)) + zeroBin;
}
