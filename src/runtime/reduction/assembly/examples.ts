import { CONTEXT_BYTES, CONTEXT_LENGTH, EMPTY_SLOT, Examples, Scratch } from './layout';
import { NO_VALUE, toFloat16 } from './float16';

/** Writes a place into a slot; its context is not touched. `slot` counts over all neurons. */
export function putPlace(to: Examples, slot: usize, value: f32, document: u32, token: u32): void {
  // Adding 0 turns −0 into 0, so that equal values are stored alike whichever came first.
  store<f32>(to.value + (slot << 2), value + 0);
  store<u32>(to.document + (slot << 2), document);
  store<u32>(to.token + (slot << 2), token);
}

/** Writes the values around a token of the column's neuron as the context of a slot. @param kind the number of the store. */
export function putContext(to: Examples, slot: usize, scratch: Scratch, token: u32, kind: i32): void {
  const part = scratch.part;
  const neuron = scratch.column.neuron;
  const index = token - part.firstToken;
  const sources = scratch.sources + ((<usize>index) << 2);
  const context = to.context + slot * CONTEXT_BYTES;
  for (let i: usize = 0; i < <usize>CONTEXT_LENGTH; i++) {
    const value = <usize>load<u32>(sources + (i << 2)) + ((<usize>neuron) << 2);
    store<u16>(context + (i << 1), toFloat16(load<u32>(value)));
  }
  if (<i32>index >= part.openFrom) noteOpen(scratch, kind, neuron, token);
}

/** Lists a place whose right neighbours are still to come. */
function noteOpen(scratch: Scratch, kind: i32, neuron: i32, token: u32): void {
  const count = load<u32>(scratch.open);
  const entry = scratch.open + 4 + ((<usize>count) << 3);
  store<u32>(entry, (neuron << 2) + kind);
  store<u32>(entry, token, 4);
  store<u32>(scratch.open, count + 1);
}

/** Copies the context of one slot into another. */
export function copyContext(examples: Examples, from: usize, to: usize): void {
  memory.copy(examples.context + to * CONTEXT_BYTES, examples.context + from * CONTEXT_BYTES, CONTEXT_BYTES);
}

/** Empties a slot so that no trace of its place is left. */
export function clearSlot(examples: Examples, slot: usize): void {
  putPlace(examples, slot, 0, EMPTY_SLOT, 0);
  const context = examples.context + slot * CONTEXT_BYTES;
  for (let i: usize = 0; i < <usize>CONTEXT_LENGTH; i++) store<u16>(context + (i << 1), NO_VALUE);
}
