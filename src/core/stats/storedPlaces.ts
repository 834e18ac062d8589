import { fromFloat16 } from './float16';
import { CONTEXT_LENGTH, EMPTY_SLOT, type ExampleStore, type NeuronSummary } from './siteSummary';

/** A token that the summary kept, with what is known of the neuron there. */
export interface StoredPlace {
  readonly value: number;
  readonly document: number;
  readonly token: number;
  /**
   * [17] the neuron's activations from 8 tokens before to 8 after, NaN where unknown and ±Infinity beyond ±65,504;
   * null for random places, which keep only their value.
   */
  readonly context: Float32Array | null;
}

/** A stored place with its seeded hash, by which draws are repeatable. */
export interface HashedPlace extends StoredPlace {
  readonly hash: number;
}

/** The places of one neuron's store in their order, empty slots left out. */
export function placesOf(store: ExampleStore): StoredPlace[] {
  const places: StoredPlace[] = [];
  for (let slot = 0; slot < store.slots; slot++) {
    if (store.document[slot] !== EMPTY_SLOT) places.push(placeAt(store, slot));
  }
  return places;
}

/** The sampled places of all super-bins. */
export function samplesOf({ samples }: NeuronSummary): HashedPlace[] {
  const places: HashedPlace[] = [];
  for (let slot = 0; slot < samples.slots; slot++) {
    if (samples.document[slot] === EMPTY_SLOT) continue;
    places.push({ ...placeAt(samples, slot), hash: samples.hash[slot]! });
  }
  return places;
}

/** The random places at which the neuron's value is finite, by ascending hash. */
export function randomPlacesOf({ random }: NeuronSummary): HashedPlace[] {
  const places: HashedPlace[] = [];
  for (let place = 0; place < random.count; place++) {
    const value = random.value[place]!;
    if (Number.isNaN(value)) continue;
    places.push({
      value,
      document: random.document[place]!,
      token: random.token[place]!,
      hash: random.hash[place]!,
      context: null,
    });
  }
  return places;
}

/** Every token of which a summary stores something, each once and with its context where one is kept. */
export function storedPlacesOf(summary: NeuronSummary): StoredPlace[] {
  const byToken = new Map<string, StoredPlace>();
  const { top, bottom } = summary;
  for (const place of [
    ...placesOf(top),
    ...placesOf(bottom),
    ...samplesOf(summary),
    ...randomPlacesOf(summary),
  ]) {
    const key = tokenKey(place);
    if (!byToken.has(key)) byToken.set(key, place);
  }
  return [...byToken.values()];
}

/** The same for two places of one token. */
export function tokenKey({ document, token }: StoredPlace): string {
  return `${document}:${token}`;
}

function placeAt(store: ExampleStore, slot: number): StoredPlace {
  const bits = store.context.subarray(slot * CONTEXT_LENGTH, (slot + 1) * CONTEXT_LENGTH);
  return {
    value: store.value[slot]!,
    document: store.document[slot]!,
    token: store.token[slot]!,
    context: Float32Array.from(bits, fromFloat16),
  };
}
