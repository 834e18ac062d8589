import { pairedBin, START_EXPONENT } from './dyadicHistogram';
import { clearSlots, copyContext, copySlot, createExampleStore, putPlace } from './exampleStore';
import { EMPTY_SLOT, type SampleStore, SAMPLES_PER_SUPER_BIN, SUPER_BIN_COUNT } from './siteSummary';

const SLOTS = SUPER_BIN_COUNT * SAMPLES_PER_SUPER_BIN;
/** A limit that every hash passes. */
export const NO_LIMIT = 0xffffffff;

/** In each of a neuron's 16 super-bins, the 4 tokens of lowest hash; super-bins pair up as the bins do. */
export class SampleSelection {
  /** Places of a super-bin stand in any order until `sorted`. */
  readonly store: SampleStore;
  /** [neurons × 16] a token whose hash is above this cannot enter the super-bin. */
  readonly limit: Uint32Array;
  /** [neurons] the bin width that the super-bins are laid out for. */
  private readonly exponent: Int16Array;
  private readonly row: SampleStore = createSampleStore(1);

  constructor(neurons: number, limit: Uint32Array = new Uint32Array(neurons * SUPER_BIN_COUNT)) {
    this.store = createSampleStore(neurons);
    this.limit = limit.fill(NO_LIMIT);
    this.exponent = new Int16Array(neurons).fill(START_EXPONENT);
  }

  /** @returns the slot (over all neurons) that now holds the place, or −1 when 4 of lower hash are known. */
  insert(
    neuron: number,
    superBin: number,
    hash: number,
    value: number,
    document: number,
    token: number,
  ): number {
    const first = neuron * SLOTS + superBin * SAMPLES_PER_SUPER_BIN;
    const end = first + SAMPLES_PER_SUPER_BIN;
    let slot = first;
    for (let other = first; other < end; other++) {
      if (this.store.document[other] === EMPTY_SLOT) {
        slot = other;
        break;
      }
      if (this.followsSlot(other, slot)) slot = other;
    }
    if (!this.precedes(hash, document, token, slot)) return -1;
    putPlace(this.store, slot, value, document, token);
    this.store.hash[slot] = hash;
    if (this.store.document[end - 1] !== EMPTY_SLOT) {
      const { hash: hashes } = this.store;
      this.limit[neuron * SUPER_BIN_COUNT + superBin] = Math.max(
        hashes[first]!,
        hashes[first + 1]!,
        hashes[first + 2]!,
        hashes[first + 3]!,
      );
    }
    return slot;
  }

  /** @returns the slot of a place, or −1 when it was not kept. */
  find(neuron: number, superBin: number, document: number, token: number): number {
    const first = neuron * SLOTS + superBin * SAMPLES_PER_SUPER_BIN;
    for (let slot = first; slot < first + SAMPLES_PER_SUPER_BIN; slot++) {
      if (this.store.token[slot] === token && this.store.document[slot] === document) return slot;
    }
    return -1;
  }

  /** Lays the super-bins of a neuron out for wider bins; does nothing when they already are. */
  fit(neuron: number, exponent: number): void {
    const doublings = exponent - this.exponent[neuron]!;
    if (doublings === 0) return;
    this.exponent[neuron] = exponent;
    const start = neuron * SLOTS;
    for (let i = 0; i < SLOTS; i++) {
      this.row.document[i] = this.store.document[start + i]!;
      if (this.row.document[i] !== EMPTY_SLOT) copySample(this.store, start + i, this.row, i);
    }
    clearSlots(this.store, start, start + SLOTS);
    this.store.hash.fill(0, start, start + SLOTS);
    this.limit.fill(NO_LIMIT, neuron * SUPER_BIN_COUNT, (neuron + 1) * SUPER_BIN_COUNT);
    this.insertAll(neuron, this.row, 0, doublings, null);
  }

  /**
   * Adds all places of one neuron of another store.
   * @param doublings how many times that store's bins must double to be as wide as these.
   * @param documentMap new document numbers, null when they stay.
   */
  insertAll(
    neuron: number,
    from: SampleStore,
    fromNeuron: number,
    doublings: number,
    documentMap: Uint32Array | null,
  ): void {
    for (let i = 0; i < SLOTS; i++) {
      const slot = fromNeuron * SLOTS + i;
      const document = from.document[slot]!;
      if (document === EMPTY_SLOT) continue;
      const superBin = pairedBin(Math.floor(i / SAMPLES_PER_SUPER_BIN), doublings, SUPER_BIN_COUNT / 2);
      const renumbered = documentMap === null ? document : documentMap[document]!;
      const hash = from.hash[slot]!;
      const target = this.insert(neuron, superBin, hash, from.value[slot]!, renumbered, from.token[slot]!);
      if (target >= 0) copyContext(from, slot, this.store, target);
    }
  }

  /** The store with the places of every super-bin by ascending hash. Insertion can go on afterwards. */
  sorted(): SampleStore {
    for (let first = 0; first < this.store.hash.length; first += SAMPLES_PER_SUPER_BIN) {
      const end = first + SAMPLES_PER_SUPER_BIN;
      for (let slot = first + 1; slot < end && this.store.document[slot] !== EMPTY_SLOT; slot++) {
        for (let other = slot; other > first && this.followsSlot(other - 1, other); other--) {
          this.swap(other - 1, other);
        }
      }
    }
    return this.store;
  }

  private swap(a: number, b: number): void {
    const { store, row } = this;
    copySample(store, a, row, 0);
    copySample(store, b, store, a);
    copySample(row, 0, store, b);
  }

  private followsSlot(slot: number, other: number): boolean {
    const { hash, document, token } = this.store;
    return this.precedes(hash[other]!, document[other]!, token[other]!, slot);
  }

  private precedes(hash: number, document: number, token: number, slot: number): boolean {
    const store = this.store;
    if (store.document[slot] === EMPTY_SLOT) return true;
    if (hash !== store.hash[slot]!) return hash < store.hash[slot]!;
    if (document !== store.document[slot]!) return document < store.document[slot]!;
    return token < store.token[slot]!;
  }
}

function copySample(from: SampleStore, fromSlot: number, to: SampleStore, toSlot: number): void {
  copySlot(from, fromSlot, to, toSlot);
  to.hash[toSlot] = from.hash[fromSlot]!;
}

function createSampleStore(neurons: number): SampleStore {
  return { ...createExampleStore(neurons, SLOTS), hash: new Uint32Array(neurons * SLOTS) };
}
