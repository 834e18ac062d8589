import { BIN_BYTES, COARSE, FINE, FINE_FROM, Site, ZERO_BIN } from './layout';
import { foldSamples } from './samples';
import { exponentOf } from './steps';

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

/** Bins move towards 0 only, so those of each side can be moved in place from the middle outwards. */
function foldBins(bins: usize, octaves: i32): void {
  for (let step = 1; step < ZERO_BIN; step++) {
    const above = bins + ((<usize>(ZERO_BIN + step)) << 2);
    const below = bins + ((<usize>(ZERO_BIN - 1 - step)) << 2);
    if ((load<u32>(above) | load<u32>(below)) == 0) continue;
    const to = foldedStep(step, octaves);
    moveCount(above, bins + ((<usize>(ZERO_BIN + to)) << 2));
    moveCount(below, bins + ((<usize>(ZERO_BIN - 1 - to)) << 2));
  }
}

/** Where a bin, counted from 0 away, comes to lie: an octave moves down, where four bins may become one. */
function foldedStep(step: i32, octaves: i32): i32 {
  for (let left = octaves; left > 0 && step > 0; left--) {
    const fine = step - FINE_FROM;
    if (fine >= FINE) step -= FINE;
    else step = fine >= 0 ? FINE_FROM - COARSE + fine / (FINE / COARSE) : max(0, step - COARSE);
  }
  return step;
}

function moveCount(from: usize, to: usize): void {
  const count = load<u32>(from);
  store<u32>(from, 0);
  store<u32>(to, load<u32>(to) + count);
}
