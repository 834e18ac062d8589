import { BIN_BYTES, BIN_COUNT, LIMIT_BYTES, State, ZERO_BIN } from './layout';

/** Doubles a neuron's bins until the values fit, and lifts its limits, as its samples must be paired up first. */
export function widen(state: State, neuron: i32, min: f32, max: f32): void {
  const at = state.exponent + ((<usize>neuron) << 1);
  const exponent = <i32>load<i16>(at);
  let fitting = exponent;
  while (<f64>min < -edge(fitting) || <f64>max >= edge(fitting)) fitting++;
  if (fitting == exponent) return;
  store<i16>(at, <i16>fitting);
  pairUpBins(state.bins + <usize>neuron * BIN_BYTES, fitting - exponent);
  memory.fill(state.sampleLimit + <usize>neuron * LIMIT_BYTES, 0xff, LIMIT_BYTES);
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
  // Shifting by 8 or more leaves 0 or −1, as the shift of a 32-bit number counts modulo 32.
  const to = bins + ((<usize>(((bin - ZERO_BIN) >> min(doublings, 31)) + ZERO_BIN)) << 2);
  store<u32>(from, 0);
  store<u32>(to, load<u32>(to) + count);
}
