import { keyOf, type ChosenNeuron, type ChosenValues } from './chosenValues';
import type { Half } from './statistics/halves';
import { rank, type Ranking } from './statistics/ranking';

/** Bytes of rankings that are kept: most neurons are asked for by several concepts. */
const KEPT_BYTES = 96 * 2 ** 20;
/** Of a token: its place in the order, the value there, and its midrank. */
const BYTES_OF_TOKEN = 16;

/** The chosen neurons' values in order, of each half. */
export class Rankings {
  private readonly known = new Map<string, Ranking>();
  private kept = 0;

  /** @param inA tokens of half A, the first of all. */
  constructor(
    private readonly values: ChosenValues,
    private readonly inA: number,
  ) {}

  of(neuron: ChosenNeuron, half: Half): Ranking {
    const key = `${half} ${keyOf(neuron)}`;
    const known = this.known.get(key);
    if (known) {
      // Behind all others: those that nobody has asked for the longest go first.
      this.known.delete(key);
      this.known.set(key, known);
      return known;
    }
    const column = this.values.of(neuron);
    const ranking = rank(half === 'a' ? column.subarray(0, this.inA) : column.subarray(this.inA));
    this.known.set(key, ranking);
    this.kept += BYTES_OF_TOKEN * ranking.values.length;
    for (const [oldest, { values }] of this.known) {
      if (this.kept <= KEPT_BYTES || oldest === key) break;
      this.known.delete(oldest);
      this.kept -= BYTES_OF_TOKEN * values.length;
    }
    return ranking;
  }
}
