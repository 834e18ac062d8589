import { ascendingOrder } from '../../common/ascendingOrder';

/** The values of one neuron at n tokens, sorted once for all that is asked of their order. */
export interface Ranking {
  readonly values: Float32Array;
  /** [n] tokens from the lowest value to the highest. */
  readonly order: Uint32Array;
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
    let end = start + 1;
    while (end < order.length && sorted[end] === sorted[start]) end += 1;
    const middle = (start + 1 + end) / 2;
    for (let i = start; i < end; i++) midranks[order[i]!] = middle;
    start = end;
  }
  return { values, order, midranks };
}

/** Where the run of equal values ends that begins at `start` of an order. */
export function endOfTies(values: Float32Array, order: Uint32Array, start: number): number {
  const value = values[order[start]!]!;
  let end = start + 1;
  while (end < order.length && values[order[end]!] === value) end += 1;
  return end;
}

/** The same tokens by the negated values: what "low values go with it" is read from. */
export function negated({ values, order, midranks }: Ranking): Ranking {
  const turned = new Float32Array(values.length);
  const turnedRanks = new Float64Array(values.length);
  for (let token = 0; token < values.length; token++) {
    turned[token] = -values[token]!;
    turnedRanks[token] = values.length + 1 - midranks[token]!;
  }
  return { values: turned, order: order.toReversed(), midranks: turnedRanks };
}
