import { copyContext, copySlot, createExampleStore, putPlace } from './exampleStore';
import { EMPTY_SLOT, EXTREME_COUNT, type ExampleStore } from './siteSummary';

/** What an `ExtremeSelection` keeps, as columns that a reduction in another language may write as well. */
export interface ExtremeColumns {
  readonly store: ExampleStore;
  /** [neurons × 32] slots from best to worst; places move in this order, not in memory, until `sorted`. */
  readonly order: Uint8Array;
  /** [neurons] slots in use. */
  readonly used: Uint8Array;
}

/** The 32 largest or smallest block extremes of every neuron, in the order: value, document, token. */
export class ExtremeSelection {
  readonly store: ExampleStore;
  private readonly order: Uint8Array;
  private readonly used: Uint8Array;

  /**
   * @param sign 1 for the largest values, −1 for the smallest.
   * @param columns where the places are kept; none must be in use.
   */
  constructor(
    private readonly sign: 1 | -1,
    columns: ExtremeColumns,
  ) {
    this.store = columns.store;
    this.order = columns.order;
    this.used = columns.used;
  }

  /** @returns the slot (over all neurons) that now holds the place, or −1 when 32 better ones are known. */
  insert(neuron: number, value: number, document: number, token: number): number {
    const start = neuron * EXTREME_COUNT;
    const used = this.used[neuron]!;
    const full = used === EXTREME_COUNT;
    if (full && !this.precedes(value, document, token, start + this.order[start + used - 1]!)) return -1;
    const slot = full ? this.order[start + used - 1]! : used;
    let rank = full ? used - 1 : used;
    while (rank > 0 && this.precedes(value, document, token, start + this.order[start + rank - 1]!)) {
      this.order[start + rank] = this.order[start + rank - 1]!;
      rank--;
    }
    this.order[start + rank] = slot;
    putPlace(this.store, start + slot, value, document, token);
    if (!full) this.used[neuron] = used + 1;
    return start + slot;
  }

  /** The store with every neuron's places best first. Insertion can go on afterwards. */
  sorted(): ExampleStore {
    const row = createExampleStore(1, EXTREME_COUNT);
    for (let neuron = 0; neuron < this.used.length; neuron++) this.sortNeuron(neuron, row);
    return this.store;
  }

  private sortNeuron(neuron: number, row: ExampleStore): void {
    const start = neuron * EXTREME_COUNT;
    const used = this.used[neuron]!;
    let inOrder = true;
    for (let rank = 0; rank < used; rank++) inOrder &&= this.order[start + rank] === rank;
    if (inOrder) return;
    for (let rank = 0; rank < used; rank++) {
      copySlot(this.store, start + this.order[start + rank]!, row, rank);
    }
    for (let rank = 0; rank < used; rank++) {
      copySlot(row, rank, this.store, start + rank);
      this.order[start + rank] = rank;
    }
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
    order: new Uint8Array(neurons * EXTREME_COUNT),
    used: new Uint8Array(neurons),
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
