import { SELECTIONS, type OpenPlaces, type Selections } from './blockReduction';
import { toFloat16 } from './float16';
import { CONTEXT_LENGTH, CONTEXT_RADIUS, type ExampleStore } from './siteSummary';
import type { WindowRows } from './windowRows';

/** What one window leaves for the document's next one. */
interface OpenDocument {
  /** [8 × neurons] the activations of the last 8 tokens; NaN where one is not in the population. */
  readonly tail: Float32Array;
  /** Places near the end of the window whose right side is still to come, as `OpenPlaces` has them. */
  readonly waiting: number[];
}

/**
 * Brings the contexts of examples together where a document's windows meet: keeps what stands at a window's end for
 * the next one, and fills the right side of earlier examples from its beginning.
 */
export class OpenDocuments {
  private readonly open = new Map<number, OpenDocument>();
  private readonly spareTails: Float32Array[] = [];

  constructor(
    private readonly neurons: number,
    private readonly selections: Selections,
  ) {}

  /**
   * Gives earlier examples of the document their right side.
   * @returns the activations of the 8 tokens before the window, null at the document's start.
   */
  enter(window: WindowRows): Float32Array | null {
    const document = this.open.get(window.document);
    if (!document) return null;
    const { buffer, byteOffset, length } = window.values;
    const bits = new Uint32Array(buffer, byteOffset, length);
    const waiting = document.waiting.splice(0);
    for (let i = 0; i < waiting.length; i += 2) {
      const [place, token] = [waiting[i]!, waiting[i + 1]!];
      if (!this.fillRightSide(window, bits, place, token)) document.waiting.push(place, token);
    }
    return document.tail;
  }

  /** Keeps what the document's next window needs, once this one's examples are stored. */
  leave(window: WindowRows, { entries, count }: OpenPlaces): void {
    const before = this.open.get(window.document);
    if (window.endsDocument) this.open.delete(window.document);
    else {
      const tail = this.spareTails.pop() ?? new Float32Array(CONTEXT_RADIUS * this.neurons);
      this.fillTail(tail, window, before?.tail);
      const waiting = before?.waiting ?? [];
      for (let i = 0; i < 2 * count; i++) waiting.push(entries[i]!);
      this.open.set(window.document, { tail, waiting });
    }
    if (before) this.spareTails.push(before.tail);
  }

  private fillTail(tail: Float32Array, window: WindowRows, before: Float32Array | undefined): void {
    const { tokenCount, rowOf, values } = window;
    for (let i = 0; i < CONTEXT_RADIUS; i++) {
      const index = tokenCount - CONTEXT_RADIUS + i;
      const start = i * this.neurons;
      if (index >= 0 && rowOf[index]! >= 0) {
        const first = rowOf[index]! * this.neurons;
        tail.set(values.subarray(first, first + this.neurons), start);
      } else if (index < 0 && before) {
        const first = (CONTEXT_RADIUS + index) * this.neurons;
        tail.set(before.subarray(first, first + this.neurons), start);
      } else tail.fill(NaN, start, start + this.neurons);
    }
  }

  /** @returns whether all that the place waits for has come. */
  private fillRightSide(window: WindowRows, bits: Uint32Array, place: number, token: number): boolean {
    const { document, firstToken, tokenCount, rowOf, endsDocument } = window;
    const neuron = place >>> 2;
    const { store } = this.selections[SELECTIONS[place & 3]!];
    const slot = findSlot(store, neuron, document, token);
    if (slot < 0) return true;
    for (let distance = Math.max(1, firstToken - token); distance <= CONTEXT_RADIUS; distance++) {
      const index = token + distance - firstToken;
      if (index >= tokenCount) break;
      if (rowOf[index]! < 0) continue;
      const activation = toFloat16(bits[rowOf[index]! * this.neurons + neuron]!);
      store.context[slot * CONTEXT_LENGTH + CONTEXT_RADIUS + distance] = activation;
    }
    return endsDocument || firstToken + tokenCount > token + CONTEXT_RADIUS;
  }
}

/** @returns −1 when a better place has pushed this one out meanwhile. */
function findSlot(store: ExampleStore, neuron: number, document: number, token: number): number {
  const end = (neuron + 1) * store.slots;
  for (let slot = neuron * store.slots; slot < end; slot++) {
    if (store.document[slot] === document && store.token[slot] === token) return slot;
  }
  return -1;
}
