import type { Memento } from 'vscode';
import type { NeuronRow, Profile, SortKey } from '../../core/profile/openProfile';
import { DEFAULT_SORT_KEY } from '../../core/stats/statistics';

const SORT_KEY = 'sortNeuronsBy';

/** What the sidebar sorts by, which is also the order of previous and next. */
export function sortKey(memory: Memento): SortKey {
  return memory.get<SortKey>(SORT_KEY, DEFAULT_SORT_KEY);
}

export async function setSortKey(memory: Memento, key: SortKey): Promise<void> {
  await memory.update(SORT_KEY, key);
}

/** Neurons of a profile or of one of its layers, best first by a metric, dead ones last. */
export function allNeurons(profile: Profile, sort: SortKey, layer?: number): Promise<readonly NeuronRow[]> {
  const all = { sort, offset: 0, limit: Number.MAX_SAFE_INTEGER };
  return profile.neurons(layer === undefined ? all : { ...all, layer });
}

/** Which way a reader goes from a neuron to another one. */
export type NeuronStep = 'previous' | 'next' | 'random';

/**
 * The neuron that a step leads to: previous and next go round the list, random takes any that is not dead.
 * @param rows the list, as it is sorted
 * @param random 0 ≤ random < 1
 * @returns its id, or null where there is none
 */
export function neuronAfter(
  rows: readonly Pick<NeuronRow, 'id' | 'dead'>[],
  id: string,
  step: NeuronStep,
  random: number,
): string | null {
  if (step === 'random') {
    const alive = rows.filter(({ dead }) => !dead);
    return alive[Math.floor(random * alive.length)]?.id ?? null;
  }
  const place = rows.findIndex((row) => row.id === id) + (step === 'next' ? 1 : -1);
  return rows[(place + rows.length) % rows.length]?.id ?? null;
}
