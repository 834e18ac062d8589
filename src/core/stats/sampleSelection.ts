import { octaveBins } from './octaveBins';
import { copyContext, copySlot, createExampleStore, putPlace } from './exampleStore';
import { EMPTY_SLOT, type SampleStore, SAMPLES_PER_SUPER_BIN, SUPER_BIN_COUNT } from './siteSummary';

const SLOTS = SUPER_BIN_COUNT * SAMPLES_PER_SUPER_BIN;

/** In each of a neuron's 16 super-bins, the 4 tokens of lowest hash. */
export class SampleSelection {
  private readonly row: SampleStore = createSampleStore(1);

  /**
   * @param store where the places are kept, which must be empty. Those of a super-bin stand in any order until
   *   `sorted`. A reduction in another language may write it as well.
   */
  constructor(
    readonly store: SampleStore,
    private readonly binning = octaveBins,
  ) {}

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
    let slot = first;
    for (let other = first; other < first + SAMPLES_PER_SUPER_BIN; other++) {
      if (this.store.document[other] === EMPTY_SLOT) {
        slot = other;
        break;
      }
      if (this.followsSlot(other, slot)) slot = other;
    }
    if (!this.precedes(hash, document, token, slot)) return -1;
    putPlace(this.store, slot, value, document, token);
    this.store.hash[slot] = hash;
    return slot;
  }

  /**
   * Adds all places of one neuron of another store.
   * @param steps how much smaller the exponent of that store's range is.
   * @param documentMap new document numbers.
   */
  insertAll(
    neuron: number,
    from: SampleStore,
    fromNeuron: number,
    steps: number,
    documentMap: Uint32Array,
  ): void {
    for (let i = 0; i < SLOTS; i++) {
      const slot = fromNeuron * SLOTS + i;
      const document = from.document[slot]!;
      if (document === EMPTY_SLOT) continue;
      const superBin = this.binning.foldedSuperBin(Math.floor(i / SAMPLES_PER_SUPER_BIN), steps);
      const renumbered = documentMap[document]!;
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

/** A store of empty samples. */
export function createSampleStore(neurons: number): SampleStore {
  return { ...createExampleStore(neurons, SLOTS), hash: new Uint32Array(neurons * SLOTS) };
}
