import { RANDOM_COUNT, type RandomPlaces } from './siteSummary';

const TURNED_AT_ONCE = 16;

/** The 256 tokens of lowest hash of a population, with the values of all neurons there. */
export class RandomSelection {
  private readonly hash = new Uint32Array(RANDOM_COUNT);
  private readonly document = new Uint32Array(RANDOM_COUNT);
  private readonly token = new Uint32Array(RANDOM_COUNT);
  /** [256 × neurons], by slot: a token's values come as one row and are turned round only when asked for. */
  private readonly values: Float32Array;
  /** Slots in ascending order of hash, document, token. */
  private readonly order = new Uint8Array(RANDOM_COUNT);
  private count = 0;

  constructor(private readonly neurons: number) {
    this.values = new Float32Array(RANDOM_COUNT * neurons);
  }

  /** @param row the token's row in `values`, which is copied when the token is kept. */
  insert(hash: number, document: number, token: number, values: Float32Array, row: number): void {
    const full = this.count === RANDOM_COUNT;
    if (full && !this.precedes(hash, document, token, this.order[RANDOM_COUNT - 1]!)) return;
    const slot = full ? this.order[RANDOM_COUNT - 1]! : this.count++;
    let rank = this.count - 1;
    while (rank > 0 && this.precedes(hash, document, token, this.order[rank - 1]!)) {
      this.order[rank] = this.order[rank - 1]!;
      rank--;
    }
    this.order[rank] = slot;
    this.hash[slot] = hash;
    this.document[slot] = document;
    this.token[slot] = token;
    const start = row * this.neurons;
    this.values.set(values.subarray(start, start + this.neurons), slot * this.neurons);
  }

  /** The places in ascending order of hash, values by neuron. */
  places(): RandomPlaces {
    const hash = new Uint32Array(RANDOM_COUNT);
    const document = new Uint32Array(RANDOM_COUNT);
    const token = new Uint32Array(RANDOM_COUNT);
    const value = new Float32Array(this.neurons * RANDOM_COUNT);
    for (let rank = 0; rank < this.count; rank++) {
      const slot = this.order[rank]!;
      hash[rank] = this.hash[slot]!;
      document[rank] = this.document[slot]!;
      token[rank] = this.token[slot]!;
    }
    // A few neurons at a time, so that what is read and what is written both stay in the cache.
    for (let first = 0; first < this.neurons; first += TURNED_AT_ONCE) {
      const end = Math.min(first + TURNED_AT_ONCE, this.neurons);
      for (let rank = 0; rank < this.count; rank++) {
        const row = this.order[rank]! * this.neurons;
        for (let neuron = first; neuron < end; neuron++) {
          const activation = this.values[row + neuron]!;
          value[neuron * RANDOM_COUNT + rank] = Number.isFinite(activation) ? activation : NaN;
        }
      }
    }
    return { count: this.count, hash, document, token, value };
  }

  private precedes(hash: number, document: number, token: number, slot: number): boolean {
    if (hash !== this.hash[slot]!) return hash < this.hash[slot]!;
    if (document !== this.document[slot]!) return document < this.document[slot]!;
    return token < this.token[slot]!;
  }
}
