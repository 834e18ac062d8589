import { BIN_BYTES, BINS_PER_OCTAVE, OCTAVES, Site, ZERO_BIN } from './layout';
import { foldSamples } from './samples';

/** Bits of a float32 that tell its sign, its exponent and the highest four of its mantissa. */
export const KEY_SHIFT: i32 = 19;
const EXPONENT_BIAS: i32 = 127;

/** Makes a neuron's range, and its super-bins with it, reach as far as the values. */
export function widen(site: Site, neuron: i32, min: f32, max: f32): void {
  const at = site.state.exponent + ((<usize>neuron) << 1);
  const exponent = <i32>load<i16>(at);
  const octaves = exponentOf(Math.abs(min) > Math.abs(max) ? min : max) - exponent;
  if (octaves <= 0) return;
  store<i16>(at, <i16>(exponent + octaves));
  foldBins(site.state.bins + <usize>neuron * BIN_BYTES, octaves);
  foldSamples(site.samples, neuron, octaves);
}

/** The key at which the bins of a range begin: what is lower lies in the bin next to 0. */
export function lowestKey(exponent: i32): i32 {
  return BINS_PER_OCTAVE * (exponent - OCTAVES + 1 + EXPONENT_BIAS);
}

function exponentOf(value: f32): i32 {
  return ((reinterpret<i32>(value) >> 23) & 0xff) - EXPONENT_BIAS;
}

/** Bins move towards 0 only, so those of each side can be moved in place from the middle outwards. */
function foldBins(bins: usize, octaves: i32): void {
  const steps = octaves * BINS_PER_OCTAVE;
  for (let step = 1; step < ZERO_BIN; step++) {
    const to = max(0, step - steps);
    moveBin(bins, ZERO_BIN + step, ZERO_BIN + to);
    moveBin(bins, ZERO_BIN - 1 - step, ZERO_BIN - 1 - to);
  }
}

function moveBin(bins: usize, bin: i32, to: i32): void {
  const from = bins + ((<usize>bin) << 2);
  const count = load<u32>(from);
  if (count == 0) return;
  const target = bins + ((<usize>to) << 2);
  store<u32>(from, 0);
  store<u32>(target, load<u32>(target) + count);
}
