import { BIN_BYTES, CHOSEN_BYTES, Scratch, State } from './layout';

/** Begins to count the bins of four neighbouring neurons: rows that all of them have are left for `countRow`. */
export function beginCounting(state: State, scratch: Scratch, first: i32, lane: i32): void {
  const bins = state.bins + <usize>(first + lane) * BIN_BYTES;
  const chosen = scratch.chosen + <usize>(lane * CHOSEN_BYTES);
  const counts = scratch.chosenCounts + ((<usize>lane) << 2);
  const a = load<i32>(counts);
  const b = load<i32>(counts, 4);
  const c = load<i32>(counts, 8);
  const d = load<i32>(counts, 12);
  const common = min(min(a, b), min(c, d));
  countRest(bins, chosen, common, a);
  countRest(bins + BIN_BYTES, chosen + CHOSEN_BYTES, common, b);
  countRest(bins + 2 * BIN_BYTES, chosen + 2 * CHOSEN_BYTES, common, c);
  countRest(bins + 3 * BIN_BYTES, chosen + 3 * CHOSEN_BYTES, common, d);
  const counting = scratch.counting;
  counting.bins = bins;
  counting.row = chosen;
  counting.end = chosen + ((<usize>common) << 1);
}

/** Counts the rows that are left. */
export function finishCounting(scratch: Scratch): void {
  const counting = scratch.counting;
  for (let row = counting.row; row < counting.end; row += 2) countRow(counting.bins, row);
  counting.row = counting.end;
}

/** Counts four neurons' bins in a row, in turns, so that none has to wait for its own last count. */
export function countRow(bins: usize, row: usize): void {
  countOne(bins, load<u16>(row));
  countOne(bins + BIN_BYTES, load<u16>(row, CHOSEN_BYTES));
  countOne(bins + 2 * BIN_BYTES, load<u16>(row, 2 * CHOSEN_BYTES));
  countOne(bins + 3 * BIN_BYTES, load<u16>(row, 3 * CHOSEN_BYTES));
}

function countRest(bins: usize, chosen: usize, from: i32, count: i32): void {
  for (let i = from; i < count; i++) countOne(bins, load<u16>(chosen + ((<usize>i) << 1)));
}

function countOne(bins: usize, bin: u16): void {
  const counter = bins + ((<usize>bin) << 2);
  store<u32>(counter, load<u32>(counter) + 1);
}
