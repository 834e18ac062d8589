import { keyOf, type ChosenNeuron, type ChosenValues } from './chosenValues';
import type { Half } from './statistics/halves';
import { rank, type Ranking } from './statistics/ranking';

/** Rankings that are kept: those of a neuron that several concepts chose are asked for again soon. */
const KEPT_RANKINGS = 64;

/** The chosen neurons' values in order, of each half. */
export class Rankings {
  private readonly known = new Map<string, Readonly<Record<Half, Ranking>>>();

  /** @param inA tokens of half A, the first of all. */
  constructor(
    private readonly values: ChosenValues,
    private readonly inA: number,
  ) {}

  of(neuron: ChosenNeuron): Readonly<Record<Half, Ranking>> {
    const key = keyOf(neuron);
    let ranking = this.known.get(key);
    if (!ranking) {
      const column = this.values.of(neuron);
      ranking = { a: rank(column.subarray(0, this.inA)), b: rank(column.subarray(this.inA)) };
      if (this.known.size >= KEPT_RANKINGS) this.known.delete(this.known.keys().next().value!);
      this.known.set(key, ranking);
    }
    return ranking;
  }
}
