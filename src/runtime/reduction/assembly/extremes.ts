import { putContext, putPlace } from './examples';
import { leastOf } from './lanes';
import { BLOCK_LENGTH, EXTREME_COUNT, Extremes, Scratch, blockAt, valuesOf } from './layout';

/** As src/core/stats/openDocuments.ts numbers the stores. */
const TOP: i32 = 0;
const BOTTOM: i32 = 1;

/**
 * Keeps a block's largest or smallest value if it is among the neuron's 32 best, as core/stats/extremeSelection.ts does.
 * @param sign 1 for the largest values, −1 for the smallest.
 */
export function offerExtreme(to: Extremes, sign: f32, value: f32, scratch: Scratch, number: i32): void {
  const block = blockAt(scratch, number);
  const row = number * BLOCK_LENGTH + firstRowOf(valuesOf(scratch.column, number), value);
  const token = block.firstToken + <u32>load<u8>(scratch.offsets + <usize>row);
  const slot = insert(to, sign, scratch.column.neuron, value, block.document, token);
  if (slot >= 0) putContext(to, slot, scratch, row, sign > 0 ? TOP : BOTTOM);
}

/** Rows behind the last one hold nothing that comes first. */
function firstRowOf(values: usize, value: f32): i32 {
  const sought = f32x4.splat(value);
  let row = 0;
  while (true) {
    const found = i32x4.bitmask(f32x4.eq(v128.load(values + ((<usize>row) << 2)), sought));
    if (found != 0) return row + ctz(found);
    row += 4;
  }
}

/** @returns the slot (over all neurons) that now holds the place, or −1 when 32 better ones are known. */
function insert(to: Extremes, sign: f32, neuron: i32, value: f32, document: u32, token: u32): isize {
  const start = <usize>(neuron * EXTREME_COUNT);
  const used = <i32>load<u8>(to.used + <usize>neuron);
  const full = used == EXTREME_COUNT;
  const slot = start + (full ? <usize>load<u8>(to.worst + <usize>neuron) : <usize>used);
  if (full && !precedes(to, sign, value, document, token, slot)) return -1;
  putPlace(to, slot, value, document, token);
  if (!full) store<u8>(to.used + <usize>neuron, <u8>(used + 1));
  if (used >= EXTREME_COUNT - 1) {
    const worst = findWorst(to, sign, start);
    store<u8>(to.worst + <usize>neuron, <u8>worst);
    store<f32>(to.threshold + ((<usize>neuron) << 2), load<f32>(to.value + ((start + <usize>worst) << 2)));
  }
  return slot;
}

/** The slot, counted from `start`, of the last of 32 places in order: of least value, or the later of equal ones. */
function findWorst(to: Extremes, sign: f32, start: usize): i32 {
  const values = to.value + (start << 2);
  const signs = f32x4.splat(sign);
  let least = f32x4.mul(v128.load(values), signs);
  for (let at: usize = 16; at < 4 * EXTREME_COUNT; at += 16) {
    least = f32x4.pmin(least, f32x4.mul(v128.load(values + at), signs));
  }
  const sought = f32x4.mul(leastOf(least), signs);
  let found: u32 = 0;
  for (let slot = 0; slot < EXTREME_COUNT; slot += 4) {
    found |= i32x4.bitmask(f32x4.eq(v128.load(values + ((<usize>slot) << 2)), sought)) << slot;
  }
  let worst = ctz(found);
  while ((found &= found - 1) != 0) {
    const other = ctz(found);
    if (slotPrecedes(to, sign, start + <usize>worst, start + <usize>other)) worst = other;
  }
  return worst;
}

/** Whether the place of a slot comes before that of another. */
export function slotPrecedes(to: Extremes, sign: f32, slot: usize, other: usize): bool {
  const at = slot << 2;
  const value = load<f32>(to.value + at);
  return precedes(to, sign, value, load<u32>(to.document + at), load<u32>(to.token + at), other);
}

/** Whether a place comes before that of a slot. */
function precedes(to: Extremes, sign: f32, value: f32, document: u32, token: u32, slot: usize): bool {
  const at = slot << 2;
  const other = load<f32>(to.value + at);
  if (value != other) return value * sign > other * sign;
  const otherDocument = load<u32>(to.document + at);
  if (document != otherDocument) return document < otherDocument;
  return token < load<u32>(to.token + at);
}
