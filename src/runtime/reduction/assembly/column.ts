import { chooseBins } from './bins';
import { offerExtreme } from './extremes';
import { widen } from './histogram';
import { Column, Scratch, Site } from './layout';
import { addPowerSums } from './moments';
import { sumUp } from './sums';

/**
 * Brings one neuron's state and examples up to date with the column, all but the counts of its bins.
 * @returns how many bins are to be counted.
 */
export function reduceColumn(site: Site, scratch: Scratch): i32 {
  const state = site.state;
  const column = scratch.column;
  const neuron = column.neuron;
  const sums = scratch.sums;
  const at = (<usize>neuron) << 3;
  const half = (<usize>neuron) << 2;
  const empty = load<f64>(state.count + at) == 0;
  sumUp(sums, column, empty ? <f64>firstFinite(column) : load<f64>(state.mean + at));
  const count = sums.count;
  const finite = count == column.length;
  if (!finite)
    store<f64>(state.nonFinite + at, load<f64>(state.nonFinite + at) + <f64>(column.length - count));
  if (count == 0) return 0;
  addPowerSums(state, neuron, count, sums.shift, sums.s1, sums.s2, sums.s3, sums.s4);
  store<f64>(state.absoluteSum + at, load<f64>(state.absoluteSum + at) + sums.absolute);
  store<f64>(state.positive + at, load<f64>(state.positive + at) + <f64>sums.positive);
  // Adding 0 turns −0 into 0, so that which of the two came first leaves no trace.
  store<f32>(state.min + half, min(load<f32>(state.min + half), sums.min + 0));
  store<f32>(state.max + half, max(load<f32>(state.max + half), sums.max + 0));
  if (sums.max >= load<f32>(site.top.threshold + half)) offerExtreme(site.top, 1, sums.max, scratch);
  if (sums.min <= load<f32>(site.bottom.threshold + half)) offerExtreme(site.bottom, -1, sums.min, scratch);
  widen(site, neuron, sums.min, sums.max);
  return chooseBins(site, scratch, finite);
}

function firstFinite(column: Column): f32 {
  for (let row = 0; row < column.length; row++) {
    const value = load<f32>(column.values + ((<usize>row) << 2));
    if (isFinite(value)) return value;
  }
  return 0;
}
