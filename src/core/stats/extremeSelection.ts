import { copyContext, copySlot, createExampleStore, putPlace } from './exampleStore';
import { EMPTY_SLOT, EXTREME_COUNT, type ExampleStore } from './siteSummary';

/** What an `ExtremeSelection` keeps, as columns that a reduction in another language may write as well. */
export interface ExtremeColumns {
  /** Places in any order, until `sorted`. */
  readonly store: ExampleStore;
  /** [neurons] slots in use. */
  readonly used: Uint8Array;
  /** [neurons] the slot of the last place in order, once all slots are in use. */
  readonly worst: Uint8Array;
}

/** The 32 largest or smallest block extremes of every neuron, in the order: value, document, token. */
export class ExtremeSelection {
  readonly store: ExampleStore;
  private readonly used: Uint8Array;
  private readonly worst: Uint8Array;

  /**
   * @param sign 1 for the largest values, −1 for the smallest.
   * @param columns where the places are kept; none must be in use.
   */
  constructor(
    private readonly sign: 1 | -1,
    columns: ExtremeColumns,
  ) {
    this.store = columns.store;
    this.used = columns.used;
    this.worst = columns.worst;
  }

  /** @returns the slot (over all neurons) that now holds the place, or −1 when 32 better ones are known. */
  insert(neuron: number, value: number, document: number, token: number): number {
    const start = neuron * EXTREME_COUNT;
    const used = this.used[neuron]!;
    const full = used === EXTREME_COUNT;
    const slot = start + (full ? this.worst[neuron]! : used);
    if (full && !this.precedes(value, document, token, slot)) return -1;
    putPlace(this.store, slot, value, document, token);
    if (!full) this.used[neuron] = used + 1;
    if (used >= EXTREME_COUNT - 1) this.worst[neuron] = this.findWorst(start);
    return slot;
  }

  /** The store with every neuron's places best first. Insertion can go on afterwards. */
  sorted(): ExampleStore {
    const order = new Uint8Array(EXTREME_COUNT);
    const row = createExampleStore(1, EXTREME_COUNT);
    for (let neuron = 0; neuron < this.used.length; neuron++) this.sortNeuron(neuron, order, row);
    return this.store;
  }

  private sortNeuron(neuron: number, order: Uint8Array, row: ExampleStore): void {
    const start = neuron * EXTREME_COUNT;
    const used = this.used[neuron]!;
    let inOrder = true;
    for (let slot = 0; slot < used; slot++) {
      let rank = slot;
      for (; rank > 0 && this.slotPrecedes(start + slot, start + order[rank - 1]!); rank--) {
        order[rank] = order[rank - 1]!;
      }
      order[rank] = slot;
      inOrder &&= rank === slot;
    }
    if (used === EXTREME_COUNT) this.worst[neuron] = EXTREME_COUNT - 1;
    if (inOrder) return;
    for (let rank = 0; rank < used; rank++) copySlot(this.store, start + order[rank]!, row, rank);
    for (let rank = 0; rank < used; rank++) copySlot(row, rank, this.store, start + rank);
  }

  private findWorst(start: number): number {
    let worst = 0;
    for (let slot = 1; slot < EXTREME_COUNT; slot++) {
      if (this.slotPrecedes(start + worst, start + slot)) worst = slot;
    }
    return worst;
  }

  private slotPrecedes(slot: number, other: number): boolean {
    const { value, document, token } = this.store;
    return this.precedes(value[slot]!, document[slot]!, token[slot]!, other);
  }

  private precedes(value: number, document: number, token: number, slot: number): boolean {
    const { value: values, document: documents, token: tokens } = this.store;
    if (value !== values[slot]!) return value * this.sign > values[slot]! * this.sign;
    if (document !== documents[slot]!) return document < documents[slot]!;
    return token < tokens[slot]!;
  }
}

/** Columns of which none is in use. */
export function createExtremeColumns(neurons: number): ExtremeColumns {
  return {
    store: createExampleStore(neurons, EXTREME_COUNT),
    used: new Uint8Array(neurons),
    worst: new Uint8Array(neurons),
  };
}

/** Adds a part's places of one neuron to a selection, documents renumbered. The part's are best first. */
export function insertExtremes(
  to: ExtremeSelection,
  toNeuron: number,
  from: ExampleStore,
  fromNeuron: number,
  documentMap: Uint32Array,
): void {
  for (let rank = 0; rank < from.slots; rank++) {
    const slot = fromNeuron * from.slots + rank;
    const document = from.document[slot]!;
    if (document === EMPTY_SLOT) return;
    const target = to.insert(toNeuron, from.value[slot]!, documentMap[document]!, from.token[slot]!);
    if (target < 0) return;
    copyContext(from, slot, to.store, target);
  }
}
