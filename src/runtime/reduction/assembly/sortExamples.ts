import { putPlace, swapWithNext } from './examples';
import { slotPrecedes as extremePrecedes } from './extremes';
import {
  CONTEXT_BYTES,
  EMPTY_SLOT,
  EXTREME_COUNT,
  Extremes,
  SAMPLES_PER_SUPER_BIN,
  SUPER_BIN_COUNT,
  Samples,
  Scratch,
  Site,
} from './layout';
import { slotPrecedes as samplePrecedes } from './samples';

/** Puts every neuron's examples in order: extremes best first, the samples of a super-bin by ascending hash. */
export function sortExamples(site: Site, scratch: Scratch, neurons: i32): void {
  for (let neuron = 0; neuron < neurons; neuron++) {
    sortExtremes(site.top, 1, scratch, neuron);
    sortExtremes(site.bottom, -1, scratch, neuron);
    for (let superBin = 0; superBin < SUPER_BIN_COUNT; superBin++) {
      sortSamples(site.samples, <usize>((neuron * SUPER_BIN_COUNT + superBin) * SAMPLES_PER_SUPER_BIN));
    }
  }
}

function sortExtremes(extremes: Extremes, sign: f32, scratch: Scratch, neuron: i32): void {
  const used = <i32>load<u8>(extremes.used + <usize>neuron);
  const start = <usize>(neuron * EXTREME_COUNT);
  if (used == EXTREME_COUNT) store<u8>(extremes.worst + <usize>neuron, <u8>(EXTREME_COUNT - 1));
  if (rankSlots(extremes, sign, scratch.order, start, used)) return;
  const unsorted = scratch.unsorted;
  takeOut(extremes, unsorted, start);
  for (let rank = 0; rank < used; rank++) {
    const from = <usize>load<u8>(scratch.order + <usize>rank);
    const slot = start + <usize>rank;
    const place = unsorted + from * (12 + CONTEXT_BYTES);
    putPlace(extremes, slot, load<f32>(place), load<u32>(place, 4), load<u32>(place, 8));
    memory.copy(extremes.context + slot * CONTEXT_BYTES, place + 12, CONTEXT_BYTES);
  }
}

/** Lists the slots from best to worst. @returns whether they stand in this order already. */
function rankSlots(extremes: Extremes, sign: f32, order: usize, start: usize, used: i32): bool {
  let inOrder = true;
  for (let slot = 0; slot < used; slot++) {
    let rank = slot;
    while (rank > 0) {
      const better = load<u8>(order + <usize>rank - 1);
      if (!extremePrecedes(extremes, sign, start + <usize>slot, start + <usize>better)) break;
      store<u8>(order + <usize>rank, better);
      rank--;
    }
    store<u8>(order + <usize>rank, <u8>slot);
    if (rank != slot) inOrder = false;
  }
  return inOrder;
}

/** Copies a neuron's places, each with its context. */
function takeOut(extremes: Extremes, to: usize, start: usize): void {
  for (let i: usize = 0; i < <usize>EXTREME_COUNT; i++) {
    const slot = start + i;
    const place = to + i * (12 + CONTEXT_BYTES);
    store<f32>(place, load<f32>(extremes.value + (slot << 2)));
    store<u32>(place, load<u32>(extremes.document + (slot << 2)), 4);
    store<u32>(place, load<u32>(extremes.token + (slot << 2)), 8);
    memory.copy(place + 12, extremes.context + slot * CONTEXT_BYTES, CONTEXT_BYTES);
  }
}

function sortSamples(samples: Samples, first: usize): void {
  for (let slot = first + 1; slot < first + SAMPLES_PER_SUPER_BIN; slot++) {
    if (load<u32>(samples.document + (slot << 2)) == EMPTY_SLOT) return;
    for (let other = slot; other > first && samplePrecedes(samples, other, other - 1); other--) {
      swapWithNext(samples, other - 1);
      const hashes = samples.hash + ((other - 1) << 2);
      store<u64>(hashes, rotr<u64>(load<u64>(hashes), 32));
    }
  }
}
