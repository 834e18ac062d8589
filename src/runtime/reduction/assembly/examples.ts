import {
  BLOCK_SHIFT,
  CONTEXT_BYTES,
  CONTEXT_LENGTH,
  CONTEXT_RADIUS,
  EMPTY_SLOT,
  Examples,
  SOURCE_LENGTH,
  Scratch,
  blockAt,
} from './layout';
import { NO_VALUE, toFloat16 } from './float16';

/** Writes a place into a slot; its context is not touched. `slot` counts over all neurons. */
export function putPlace(to: Examples, slot: usize, value: f32, document: u32, token: u32): void {
  // Adding 0 turns −0 into 0, so that equal values are stored alike whichever came first.
  store<f32>(to.value + (slot << 2), value + 0);
  store<u32>(to.document + (slot << 2), document);
  store<u32>(to.token + (slot << 2), token);
}

/** Writes the values around a row of the column into a slot. @param kind the number of the store. */
export function putContext(to: Examples, slot: usize, scratch: Scratch, row: i32, kind: i32): void {
  const values = load<u8>(scratch.surrounded + <usize>row)
    ? scratch.column.values + ((<usize>(row - CONTEXT_RADIUS)) << 2)
    : gatherAround(scratch, row);
  const context = to.context + slot * CONTEXT_BYTES;
  // Seventeen values: the first eight, the next eight, and the last eight, which these overlap.
  for (let first: usize = 0; first < 10; first = first == 8 ? 9 : first + 8) {
    const from = values + (first << 2);
    v128.store(context + (first << 1), toFloat16(v128.load(from), v128.load(from, 16)));
  }
  noteIfOpen(scratch, row, kind, slot);
}

/** @returns where the values of the tokens around a row's stand in a line. */
function gatherAround(scratch: Scratch, row: i32): usize {
  const first = (row >> BLOCK_SHIFT) * SOURCE_LENGTH + <i32>load<u8>(scratch.offsets + <usize>row);
  const sources = scratch.sources + ((<usize>first) << 2);
  const neuron = (<usize>scratch.column.neuron) << 2;
  for (let i: usize = 0; i < <usize>CONTEXT_LENGTH; i++) {
    store<f32>(scratch.around + (i << 2), load<f32>(<usize>load<u32>(sources + (i << 2)) + neuron));
  }
  return scratch.around;
}

/** Lists a place whose right neighbours are still to come. */
function noteIfOpen(scratch: Scratch, row: i32, kind: i32, slot: usize): void {
  const block = blockAt(scratch, row >> BLOCK_SHIFT);
  const offset = <i32>load<u8>(scratch.offsets + <usize>row);
  if (offset < block.openFrom) return;
  const count = load<u32>(scratch.open);
  const entry = scratch.open + 4 + <usize>count * 16;
  store<u32>(entry, block.document);
  store<u32>(entry, (scratch.column.neuron << 2) + kind, 4);
  store<u32>(entry, block.firstToken + offset, 8);
  store<u32>(entry, <u32>slot, 12);
  store<u32>(scratch.open, count + 1);
}

/** Copies the context of one slot into another. */
export function copyContext(examples: Examples, from: usize, to: usize): void {
  memory.copy(examples.context + to * CONTEXT_BYTES, examples.context + from * CONTEXT_BYTES, CONTEXT_BYTES);
}

/** Exchanges the places and contexts of a slot and the next one. */
export function swapWithNext(examples: Examples, slot: usize): void {
  const at = slot << 2;
  // Neighbours of four bytes make one of eight, whose halves change places.
  store<u64>(examples.value + at, rotr<u64>(load<u64>(examples.value + at), 32));
  store<u64>(examples.document + at, rotr<u64>(load<u64>(examples.document + at), 32));
  store<u64>(examples.token + at, rotr<u64>(load<u64>(examples.token + at), 32));
  const context = examples.context + slot * CONTEXT_BYTES;
  for (let i: usize = 0; i < <usize>CONTEXT_BYTES; i += 2) {
    const activation = load<u16>(context + i);
    store<u16>(context + i, load<u16>(context + i, CONTEXT_BYTES));
    store<u16>(context + i, activation, CONTEXT_BYTES);
  }
}

/** Empties a slot so that no trace of its place is left. */
export function clearSlot(examples: Examples, slot: usize): void {
  putPlace(examples, slot, 0, EMPTY_SLOT, 0);
  const context = examples.context + slot * CONTEXT_BYTES;
  for (let i: usize = 0; i < <usize>CONTEXT_LENGTH; i++) store<u16>(context + (i << 1), NO_VALUE);
}
