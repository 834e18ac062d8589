import { pushCandidate } from './candidates';
import { scaleOf, widen } from './histogram';
import { BIN_BYTES, LIMIT_BYTES, ROW_BYTES, Scratch, State, ZERO_BIN } from './layout';
import { addPowerSums } from './moments';

/** One neuron down its rows, value by value: for tiles that are not full or hold values that are not finite. */
export function reduceColumn(state: State, scratch: Scratch, neuron: i32, lane: i32, length: i32): void {
  const column = scratch.tile + ((<usize>lane) << 2);
  const at = (<usize>neuron) << 3;
  const empty = load<f64>(state.count + at) == 0;
  let shift = load<f64>(state.mean + at);
  let kept = 0;
  let s1: f64 = 0;
  let s2: f64 = 0;
  let s3: f64 = 0;
  let s4: f64 = 0;
  let absolute: f64 = 0;
  let positive = 0;
  let least = f32.MAX_VALUE;
  let most = -f32.MAX_VALUE;
  let leastRow = 0;
  let mostRow = 0;
  for (let row = 0; row < length; row++) {
    const value = load<f32>(column + <usize>(row * ROW_BYTES));
    if (!isFinite(value)) continue;
    if (empty && kept == 0) shift = value;
    if (kept == 0 || value < least) {
      least = value;
      leastRow = row;
    }
    if (kept == 0 || value > most) {
      most = value;
      mostRow = row;
    }
    kept++;
    const deviation = <f64>value - shift;
    const square = deviation * deviation;
    s1 += deviation;
    s2 += square;
    s3 += square * deviation;
    s4 += square * square;
    absolute += Math.abs(value);
    if (value > 0) positive++;
  }
  store<f64>(state.nonFinite + at, load<f64>(state.nonFinite + at) + <f64>(length - kept));
  if (kept == 0) return;
  addPowerSums(state, neuron, kept, shift, s1, s2, s3, s4);
  store<f64>(state.absoluteSum + at, load<f64>(state.absoluteSum + at) + absolute);
  store<f64>(state.positive + at, load<f64>(state.positive + at) + <f64>positive);
  store<f32>(state.min + (at >> 1), min(load<f32>(state.min + (at >> 1)), least + 0));
  store<f32>(state.max + (at >> 1), max(load<f32>(state.max + (at >> 1)), most + 0));
  if (most >= load<f32>(state.topThreshold + (at >> 1))) pushCandidate(scratch.top, neuron, mostRow);
  if (least <= load<f32>(state.bottomThreshold + (at >> 1))) pushCandidate(scratch.bottom, neuron, leastRow);
  widen(state, neuron, least, most);
  fillBins(state, scratch, neuron, column, length);
}

function fillBins(state: State, scratch: Scratch, neuron: i32, column: usize, length: i32): void {
  const scale = <f64>scaleOf(load<i16>(state.exponent + ((<usize>neuron) << 1)));
  const bins = state.bins + <usize>neuron * BIN_BYTES;
  const limits = state.sampleLimit + <usize>neuron * LIMIT_BYTES;
  for (let row = 0; row < length; row++) {
    const value = load<f32>(column + <usize>(row * ROW_BYTES));
    if (!isFinite(value)) continue;
    const bin = <i32>Math.floor(<f64>value * scale) + ZERO_BIN;
    const counter = bins + ((<usize>bin) << 2);
    store<u32>(counter, load<u32>(counter) + 1);
    const limit = load<u32>(limits + ((<usize>(bin >> 4)) << 2));
    if (load<u32>(scratch.hashes + ((<usize>row) << 2)) <= limit) pushCandidate(scratch.sample, neuron, row);
  }
}
