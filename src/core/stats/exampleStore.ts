import { CONTEXT_LENGTH, EMPTY_SLOT, type ExampleStore } from './siteSummary';

/** Half-precision NaN: no activation is known there. */
export const NO_VALUE = 0x7e00;

/** A store of `neurons × slots` empty places. */
export function createExampleStore(neurons: number, slots: number): ExampleStore {
  return {
    slots,
    value: new Float32Array(neurons * slots),
    document: new Uint32Array(neurons * slots).fill(EMPTY_SLOT),
    token: new Uint32Array(neurons * slots),
    context: new Uint16Array(neurons * slots * CONTEXT_LENGTH).fill(NO_VALUE),
  };
}

/** Writes a place into a slot; its context is not touched. `slot` counts over all neurons. */
export function putPlace(
  store: ExampleStore,
  slot: number,
  value: number,
  document: number,
  token: number,
): void {
  // Adding 0 turns −0 into 0, so that equal values are stored alike whichever came first.
  store.value[slot] = value + 0;
  store.document[slot] = document;
  store.token[slot] = token;
}

/** Copies the context of one slot into another, which may belong to another store. */
export function copyContext(from: ExampleStore, fromSlot: number, to: ExampleStore, toSlot: number): void {
  const source = fromSlot * CONTEXT_LENGTH;
  const target = toSlot * CONTEXT_LENGTH;
  for (let i = 0; i < CONTEXT_LENGTH; i++) to.context[target + i] = from.context[source + i]!;
}

/** Copies a whole slot, place and context. */
export function copySlot(from: ExampleStore, fromSlot: number, to: ExampleStore, toSlot: number): void {
  to.value[toSlot] = from.value[fromSlot]!;
  to.document[toSlot] = from.document[fromSlot]!;
  to.token[toSlot] = from.token[fromSlot]!;
  copyContext(from, fromSlot, to, toSlot);
}

/** Empties slots `[start, end)` so that no trace of their places is left. */
export function clearSlots(store: ExampleStore, start: number, end: number): void {
  store.value.fill(0, start, end);
  store.document.fill(EMPTY_SLOT, start, end);
  store.token.fill(0, start, end);
  store.context.fill(NO_VALUE, start * CONTEXT_LENGTH, end * CONTEXT_LENGTH);
}
