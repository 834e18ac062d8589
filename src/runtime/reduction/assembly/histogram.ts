import { BIN_BYTES, BIN_COUNT, Site, ZERO_BIN } from './layout';
import { pairUpSamples } from './samples';

/** Doubles a neuron's bins until the values fit, and its super-bins with them. */
export function widen(site: Site, neuron: i32, min: f32, max: f32): void {
  const at = site.state.exponent + ((<usize>neuron) << 1);
  const exponent = <i32>load<i16>(at);
  let fitting = exponent;
  while (min < -edge(fitting) || max >= edge(fitting)) fitting++;
  if (fitting == exponent) return;
  store<i16>(at, <i16>fitting);
  pairUpBins(site.state.bins + <usize>neuron * BIN_BYTES, fitting - exponent);
  pairUpSamples(site.samples, neuron, fitting - exponent);
}

/** 2^−exponent, by which values become bins. */
export function scaleOf(exponent: i32): f32 {
  return reinterpret<f32>((127 - exponent) << 23);
}

/** 128 · 2^exponent: values from here on have no bin. Infinite from 2^128 on, where every float32 has one. */
function edge(exponent: i32): f32 {
  return reinterpret<f32>((exponent + 7 + 127) << 23);
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

/** Where a bin comes to lie, counted from `zeroBin` at 0: shifts count modulo 32, and by 31 they leave 0 or −1. */
export function pairedBin(bin: i32, doublings: i32, zeroBin: i32): i32 {
  return ((bin - zeroBin) >> min(doublings, 31)) + zeroBin;
}
