import { chooseBins } from './bins';
import { offerExtremes } from './blockExtremes';
import { widen } from './histogram';
import { BLOCK_LENGTH, Scratch, Site, blockAt } from './layout';
import { addPowerSums } from './moments';
import { sumUp } from './sums';

/**
 * Brings one neuron's state and examples up to date with its column, all but the counts of its bins.
 * @returns how many bins are to be counted.
 */
export function reduceNeuron(site: Site, scratch: Scratch, blocks: i32): i32 {
  const state = site.state;
  const sums = scratch.sums;
  const neuron = scratch.column.neuron;
  const at = (<usize>neuron) << 3;
  const half = (<usize>neuron) << 2;
  const empty = load<f64>(state.count + at) == 0;
  sumUp(scratch, blocks, empty ? <f64>firstFinite(scratch, blocks) : load<f64>(state.mean + at));
  const count = sums.count;
  const finite = count == sums.length;
  if (!finite) store<f64>(state.nonFinite + at, load<f64>(state.nonFinite + at) + <f64>(sums.length - count));
  if (count == 0) return 0;
  addPowerSums(state, neuron, count, sums.shift, sums.s1, sums.s2, sums.s3, sums.s4);
  store<f64>(state.absoluteSum + at, load<f64>(state.absoluteSum + at) + sums.absolute);
  store<f64>(state.positive + at, load<f64>(state.positive + at) + <f64>sums.positive);
  offerExtremes(site, scratch);
  // Adding 0 turns −0 into 0, so that which of the two came first leaves no trace.
  store<f32>(state.min + half, min(load<f32>(state.min + half), sums.min + 0));
  store<f32>(state.max + half, max(load<f32>(state.max + half), sums.max + 0));
  widen(site, neuron, sums.min, sums.max);
  return chooseBins(site, scratch, blocks, finite);
}

function firstFinite(scratch: Scratch, blocks: i32): f32 {
  for (let row = 0; row < blocks * BLOCK_LENGTH; row++) {
    if ((row & (BLOCK_LENGTH - 1)) >= blockAt(scratch, row / BLOCK_LENGTH).length) continue;
    const value = load<f32>(scratch.column.values + ((<usize>row) << 2));
    if (isFinite(value)) return value;
  }
  return 0;
}
