import { clearSlot, copyContext, putContext, putPlace } from './examples';
import {
  BLOCK_SHIFT,
  EMPTY_SLOT,
  LIMIT_BYTES,
  SAMPLES_PER_SUPER_BIN,
  Samples,
  Scratch,
  Site,
  SUPER_BIN_COUNT,
  blockAt,
} from './layout';
import { foldedSuperBin } from './superBins';

/** As src/core/stats/openDocuments.ts numbers the stores. */
const SAMPLES: i32 = 2;

/**
 * Keeps the value in a row of the column if it is among the 4 of lowest hash in the neuron's super-bin, as
 * core/stats/sampleSelection.ts does.
 */
export function offerSample(site: Site, scratch: Scratch, row: i32, superBin: i32): void {
  const samples = site.samples;
  const neuron = scratch.column.neuron;
  const at = (<usize>row) << 2;
  const hash = load<u32>(scratch.hashes + at);
  if (hash > load<u32>(samples.limit + <usize>neuron * LIMIT_BYTES + ((<usize>superBin) << 2))) return;
  const block = blockAt(scratch, row >> BLOCK_SHIFT);
  const token = block.firstToken + <u32>load<u8>(scratch.offsets + <usize>row);
  const value = load<f32>(scratch.column.values + at);
  const slot = insert(samples, neuron, superBin, hash, value, block.document, token);
  if (slot >= 0) putContext(samples, slot, scratch, row, SAMPLES);
}

/**
 * Folds a neuron's super-bins. As bins they move towards 0 only, so that those of each side can be moved in place from
 * the middle outwards.
 */
export function foldSamples(samples: Samples, neuron: i32, octaves: i32): void {
  const middle = SUPER_BIN_COUNT / 2;
  for (let superBin = middle + 1; superBin < SUPER_BIN_COUNT; superBin++) {
    move(samples, neuron, superBin, foldedSuperBin(superBin, octaves));
  }
  for (let superBin = middle - 2; superBin >= 0; superBin--) {
    move(samples, neuron, superBin, foldedSuperBin(superBin, octaves));
  }
}

function move(samples: Samples, neuron: i32, from: i32, to: i32): void {
  const first = firstSlot(neuron, from);
  for (let slot = first; slot < first + SAMPLES_PER_SUPER_BIN; slot++) {
    const at = slot << 2;
    const document = load<u32>(samples.document + at);
    if (document == EMPTY_SLOT) continue;
    const target = insert(
      samples,
      neuron,
      to,
      load<u32>(samples.hash + at),
      load<f32>(samples.value + at),
      document,
      load<u32>(samples.token + at),
    );
    if (target >= 0) copyContext(samples, slot, target);
    clearSlot(samples, slot);
    store<u32>(samples.hash + at, 0);
  }
  store<u32>(samples.limit + <usize>neuron * LIMIT_BYTES + ((<usize>from) << 2), u32.MAX_VALUE);
}

/** @returns the slot (over all neurons) that now holds the place, or −1 when 4 of lower hash are known. */
function insert(
  to: Samples,
  neuron: i32,
  superBin: i32,
  hash: u32,
  value: f32,
  document: u32,
  token: u32,
): isize {
  const first = firstSlot(neuron, superBin);
  const slot = emptyOrLast(to, first);
  if (!precedes(to, hash, document, token, slot)) return -1;
  putPlace(to, slot, value, document, token);
  store<u32>(to.hash + (slot << 2), hash);
  const hashes = to.hash + (first << 2);
  if (load<u32>(to.document + (first << 2), 12) != EMPTY_SLOT) {
    const limit = max(
      max(load<u32>(hashes), load<u32>(hashes, 4)),
      max(load<u32>(hashes, 8), load<u32>(hashes, 12)),
    );
    store<u32>(to.limit + <usize>neuron * LIMIT_BYTES + ((<usize>superBin) << 2), limit);
  }
  return slot;
}

function firstSlot(neuron: i32, superBin: i32): usize {
  return <usize>((neuron * SUPER_BIN_COUNT + superBin) * SAMPLES_PER_SUPER_BIN);
}

/** The first empty slot of four, else the one that comes last in the order of hash, document, token. */
function emptyOrLast(samples: Samples, first: usize): usize {
  let last = first;
  for (let slot = first; slot < first + SAMPLES_PER_SUPER_BIN; slot++) {
    if (load<u32>(samples.document + (slot << 2)) == EMPTY_SLOT) return slot;
    if (!slotPrecedes(samples, slot, last)) last = slot;
  }
  return last;
}

/** Whether the place of a slot, which must hold one, comes before that of another. */
export function slotPrecedes(samples: Samples, slot: usize, other: usize): bool {
  const at = slot << 2;
  const document = load<u32>(samples.document + at);
  return precedes(samples, load<u32>(samples.hash + at), document, load<u32>(samples.token + at), other);
}

/** Whether a place comes before that of a slot. */
function precedes(samples: Samples, hash: u32, document: u32, token: u32, slot: usize): bool {
  const at = slot << 2;
  const otherDocument = load<u32>(samples.document + at);
  if (otherDocument == EMPTY_SLOT) return true;
  const otherHash = load<u32>(samples.hash + at);
  if (hash != otherHash) return hash < otherHash;
  if (document != otherDocument) return document < otherDocument;
  return token < load<u32>(samples.token + at);
}
