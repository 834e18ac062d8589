import type { Memento } from 'vscode';
import type { NeuronRow, Profile, SortKey } from '../../core/profile/openProfile';

/** What neurons may be sorted by, with the name that a reader sees. */
export const METRICS: Readonly<Record<SortKey, string>> = {
  topShare: 'Mass of the top 1 %',
  max: 'Maximum',
  min: 'Minimum',
  density: 'Density',
  kurtosis: 'Kurtosis',
  skewness: 'Skewness',
};

const SORT_KEY = 'sortNeuronsBy';

/** What the sidebar sorts by, which is also the order of previous and next. */
export function sortKey(memory: Memento): SortKey {
  return memory.get<SortKey>(SORT_KEY, 'topShare');
}

export async function setSortKey(memory: Memento, key: SortKey): Promise<void> {
  await memory.update(SORT_KEY, key);
}

/** Neurons of a profile or of one of its layers, best first by a metric, dead ones last. */
export function listNeurons(profile: Profile, sort: SortKey, layer?: number): Promise<readonly NeuronRow[]> {
  const all = { sort, offset: 0, limit: Number.MAX_SAFE_INTEGER };
  return profile.neurons(layer === undefined ? all : { ...all, layer });
}
