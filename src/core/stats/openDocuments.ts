import { SELECTIONS, type OpenPlaces, type Selections } from './blockReduction';
import { toFloat16 } from './float16';
import { CONTEXT_LENGTH, CONTEXT_RADIUS, type ExampleStore } from './siteSummary';
import type { Stretch } from './stretch';

/** What one stretch leaves for the document's next one. */
interface OpenDocument {
  /** [8 × neurons] the activations of the last 8 tokens; NaN where one is not in the population. */
  readonly tail: Float32Array;
  /** Places whose right side is still to come, as `OpenPlaces` has them, without the document. */
  readonly waiting: number[];
}

/**
 * Brings the contexts of examples together where a document's stretches meet: keeps what stands at one's end for
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
   * @returns the activations of the 8 tokens before the stretch, null at the document's start.
   */
  enter(stretch: Stretch): Float32Array | null {
    const document = this.open.get(stretch.document);
    if (!document) return null;
    const { buffer, byteOffset, length } = stretch.values;
    const bits = new Uint32Array(buffer, byteOffset, length);
    const waiting = document.waiting.splice(0);
    for (let i = 0; i < waiting.length; i += 3) {
      const [place, token, slot] = [waiting[i]!, waiting[i + 1]!, waiting[i + 2]!];
      if (!this.fillRightSide(stretch, bits, place, token, slot)) document.waiting.push(place, token, slot);
    }
    return document.tail;
  }

  /** Keeps what the document's next stretch needs, once this one's examples are stored. */
  leave(stretch: Stretch): void {
    const before = this.open.get(stretch.document);
    if (stretch.endsDocument) this.open.delete(stretch.document);
    else {
      const tail = this.spareTails.pop() ?? new Float32Array(CONTEXT_RADIUS * this.neurons);
      this.fillTail(tail, stretch, before?.tail);
      this.open.set(stretch.document, { tail, waiting: before?.waiting ?? [] });
    }
    if (before) this.spareTails.push(before.tail);
  }

  /** Keeps places of documents that go on, once their stretches were left. */
  await(places: OpenPlaces): void {
    for (let i = 0; i < places.length; i += 4) {
      this.open.get(places[i]!)?.waiting.push(places[i + 1]!, places[i + 2]!, places[i + 3]!);
    }
  }

  private fillTail(tail: Float32Array, stretch: Stretch, before: Float32Array | undefined): void {
    const { rowOf, values } = stretch;
    const tokenCount = rowOf.length;
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
  private fillRightSide(
    stretch: Stretch,
    bits: Uint32Array,
    place: number,
    token: number,
    knownSlot: number,
  ): boolean {
    const { document, firstToken, rowOf, endsDocument } = stretch;
    const tokenCount = rowOf.length;
    const neuron = place >>> 2;
    const { store } = this.selections[SELECTIONS[place & 3]!];
    const slot = findSlot(store, neuron, document, token, knownSlot);
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

/**
 * @param known where the place was put: it may have been moved since.
 * @returns −1 when a better place has pushed this one out meanwhile.
 */
function findSlot(
  store: ExampleStore,
  neuron: number,
  document: number,
  token: number,
  known: number,
): number {
  if (store.document[known] === document && store.token[known] === token) return known;
  const end = (neuron + 1) * store.slots;
  for (let slot = neuron * store.slots; slot < end; slot++) {
    if (store.document[slot] === document && store.token[slot] === token) return slot;
  }
  return -1;
}
