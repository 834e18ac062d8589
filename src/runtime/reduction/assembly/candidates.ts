import { BLOCK_LENGTH } from './layout';

/** Appends a candidate to a list whose first word counts its entries. */
export function pushCandidate(list: usize, neuron: i32, row: i32): void {
  const count = load<u32>(list);
  store<u32>(list + 4 + ((<usize>count) << 2), <u32>(neuron * BLOCK_LENGTH + row));
  store<u32>(list, count + 1);
}
