import { ascendingOrder } from '../../common/ascendingOrder';

/** The values of one neuron at n tokens, sorted once for all that is asked of their order. */
export interface Ranking {
  readonly values: Float32Array;
  /** [n] tokens from the lowest value to the highest. */
  readonly order: Uint32Array;
  /** [n] the values in that order. */
  readonly sorted: Float32Array;
  /** [n] rank of each token from 1; equal values share the middle of their ranks. */
  readonly midranks: Float64Array;
}

/** @param values none of them NaN */
export function rank(values: Float32Array): Ranking {
  const order = ascendingOrder(values);
  const midranks = new Float64Array(values.length);
  const sorted = new Float32Array(values.length);
  for (let i = 0; i < order.length; i++) sorted[i] = values[order[i]!]!;
  for (let start = 0; start < order.length;) {
    const end = endOfTies(sorted, start);
    const middle = (start + 1 + end) / 2;
    for (let i = start; i < end; i++) midranks[order[i]!] = middle;
    start = end;
  }
  return { values, order, sorted, midranks };
}

/** Where the run of equal values ends that begins at `start` of sorted ones. */
export function endOfTies(sorted: Float32Array, start: number): number {
  const value = sorted[start]!;
  let end = start + 1;
  while (end < sorted.length && sorted[end] === value) end += 1;
  return end;
}
