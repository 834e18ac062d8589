import { NO_VALUE } from './exampleStore';
import { toFloat16 } from './float16';
import { CONTEXT_LENGTH, CONTEXT_RADIUS, type ExampleStore } from './siteSummary';
import type { WindowRows } from './windowRows';

/** What one window leaves for the document's next one. */
interface OpenDocument {
  /** [8 × neurons] float32 bits of the activations of the last 8 tokens; NaN where one is not in the population. */
  readonly tail: Uint32Array;
  /** Places near the end of the window whose right side is still to come: store, neuron, token, in turns. */
  readonly waiting: number[];
}

const OUTSIDE = -1;
/** Single-precision NaN. */
const NAN_BITS = 0x7fc00000;

/**
 * Fills the contexts of examples: the neuron's activations at the 8 tokens on either side, each token's own value,
 * also where the document's windows meet.
 */
export class OpenDocuments {
  private readonly open = new Map<number, OpenDocument>();
  private readonly spareTails: Uint32Array[] = [];
  private current: OpenDocument | undefined;
  private window!: WindowRows;
  /** The window's values as float32 bits. */
  private bits: Uint32Array = new Uint32Array(0);
  /**
   * Where each token from 8 before the window's first owned one to 8 after its last has its values:
   * a row of the tensor, OUTSIDE, or below that a row of the tail.
   */
  private sources = new Int32Array(0);

  constructor(
    private readonly neurons: number,
    /** The stores whose contexts are filled, by number. */
    private readonly stores: readonly ExampleStore[],
  ) {}

  /** Must be called before the window's examples are stored: gives earlier ones their right side. */
  enter(window: WindowRows): void {
    this.window = window;
    const { buffer, byteOffset, length } = window.values;
    this.bits = new Uint32Array(buffer, byteOffset, length);
    this.current = this.open.get(window.document);
    const sources = this.mapSources(window);
    for (let i = 0; i < CONTEXT_RADIUS; i++) {
      if (this.current) sources[i] = OUTSIDE - 1 - i;
    }
    if (this.current) this.fillWaiting(this.current);
  }

  /** Writes the context of the window's owned token `index` into a slot (over all neurons) of a store. */
  fill(store: number, neuron: number, slot: number, index: number): void {
    const { context } = this.stores[store]!;
    const start = slot * CONTEXT_LENGTH;
    for (let i = 0; i < CONTEXT_LENGTH; i++) {
      context[start + i] = this.activation(this.sources[index + i]!, neuron);
    }
    const { tokenCount, firstToken, endsDocument } = this.window;
    if (!endsDocument && index + CONTEXT_RADIUS >= tokenCount) {
      this.stay().waiting.push(store, neuron, firstToken + index);
    }
  }

  /** Must be called after the window's examples are stored: keeps what the next window needs. */
  leave(): void {
    const { document, endsDocument, tokenCount } = this.window;
    if (endsDocument) {
      this.open.delete(document);
      if (this.current) this.spareTails.push(this.current.tail);
      return;
    }
    const tail = this.spareTails.pop() ?? new Uint32Array(CONTEXT_RADIUS * this.neurons);
    for (let i = 0; i < CONTEXT_RADIUS; i++) this.copyRow(this.sources[tokenCount + i]!, tail, i);
    const before = this.stay();
    this.spareTails.push(before.tail);
    this.open.set(document, { tail, waiting: before.waiting });
  }

  private mapSources({ tokenCount, rowOf }: WindowRows): Int32Array {
    const length = tokenCount + 2 * CONTEXT_RADIUS;
    if (this.sources.length < length) this.sources = new Int32Array(length);
    this.sources.fill(OUTSIDE, 0, length);
    for (let i = 0; i < tokenCount; i++) this.sources[CONTEXT_RADIUS + i] = rowOf[i]!;
    return this.sources;
  }

  private stay(): OpenDocument {
    this.current ??= {
      tail: this.spareTails.pop() ?? new Uint32Array(CONTEXT_RADIUS * this.neurons),
      waiting: [],
    };
    return this.current;
  }

  private activation(source: number, neuron: number): number {
    if (source === OUTSIDE) return NO_VALUE;
    return source >= 0
      ? toFloat16(this.bits[source * this.neurons + neuron]!)
      : toFloat16(this.current!.tail[(OUTSIDE - 1 - source) * this.neurons + neuron]!);
  }

  private copyRow(source: number, tail: Uint32Array, row: number): void {
    const start = row * this.neurons;
    if (source === OUTSIDE) {
      tail.fill(NAN_BITS, start, start + this.neurons);
      return;
    }
    const from = source >= 0 ? this.bits : this.current!.tail;
    const first = (source >= 0 ? source : OUTSIDE - 1 - source) * this.neurons;
    tail.set(from.subarray(first, first + this.neurons), start);
  }

  private fillWaiting(document: OpenDocument): void {
    const waiting = document.waiting.splice(0);
    for (let i = 0; i < waiting.length; i += 3) {
      this.fillRightSide(document, waiting[i]!, waiting[i + 1]!, waiting[i + 2]!);
    }
  }

  private fillRightSide(document: OpenDocument, store: number, neuron: number, token: number): void {
    const slot = this.findSlot(this.stores[store]!, neuron, token);
    if (slot < 0) return;
    const { firstToken, tokenCount, endsDocument } = this.window;
    const { context } = this.stores[store]!;
    const first = Math.max(1, firstToken - token);
    for (let distance = first; distance <= CONTEXT_RADIUS; distance++) {
      const index = token + distance - firstToken;
      if (index >= tokenCount) break;
      const source = this.sources[CONTEXT_RADIUS + index]!;
      context[slot * CONTEXT_LENGTH + CONTEXT_RADIUS + distance] = this.activation(source, neuron);
    }
    const reached = firstToken + tokenCount > token + CONTEXT_RADIUS;
    if (!reached && !endsDocument) document.waiting.push(store, neuron, token);
  }

  /** @returns −1 when a better place has pushed this one out meanwhile. */
  private findSlot(store: ExampleStore, neuron: number, token: number): number {
    const end = (neuron + 1) * store.slots;
    for (let slot = neuron * store.slots; slot < end; slot++) {
      if (store.document[slot] === this.window.document && store.token[slot] === token) return slot;
    }
    return -1;
  }
}
