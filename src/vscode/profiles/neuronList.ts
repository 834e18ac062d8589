import type { Memento } from 'vscode';
import { formatValue } from '../../core/common/numberFormat';
import type { Manifest } from '../../core/profile/manifest';
import type { ListKey, NeuronRow, Profile } from '../../core/profile/openProfile';
import { hasWeights } from '../../core/profile/profileFiles';
import { DEFAULT_SORT_KEY, formatMetric, STATISTICS } from '../../core/stats/statistics';
import { isWeightKey, WEIGHT_FIGURES } from '../../core/stats/weightFigures';

const SORT_KEY = 'sortNeuronsBy';

/** What the sidebar sorts by, which is also the order of previous and next. Weights only where they are kept with the profile. */
export function listKey(memory: Memento, manifest: Pick<Manifest, 'files'>): ListKey {
  const key = memory.get<ListKey>(SORT_KEY, DEFAULT_SORT_KEY);
  return isWeightKey(key) && !hasWeights(manifest) ? DEFAULT_SORT_KEY : key;
}

export async function setListKey(memory: Memento, key: ListKey): Promise<void> {
  await memory.update(SORT_KEY, key);
}

/** What people call what a list is sorted by. */
export function listLabel(key: ListKey): string {
  return isWeightKey(key) ? WEIGHT_FIGURES[key].label : STATISTICS[key].label;
}

/** What a list that is sorted by it shows of a neuron. */
export function listedFigure(key: ListKey, row: NeuronRow): string {
  return isWeightKey(key) ? formatValue(row.weights?.[key] ?? null) : formatMetric(key, row);
}

/** Neurons of a profile or of one of its layers, best first by a metric, dead ones last. */
export function allNeurons(profile: Profile, sort: ListKey, layer?: number): Promise<readonly NeuronRow[]> {
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
