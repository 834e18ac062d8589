import type { Memento } from 'vscode';
import type { ConceptResults } from '../../core/concepts/conceptResults';
import { BY_NAME, namedFirst } from '../../core/concepts/namedFirst';
import { formatValue } from '../../core/common/numberFormat';
import type { Manifest } from '../../core/profile/manifest';
import type { ListKey, NeuronRow, Profile } from '../../core/profile/openProfile';
import { hasWeights } from '../../core/profile/profileFiles';
import { DEFAULT_SORT_KEY, formatMetric, STATISTICS } from '../../core/stats/statistics';
import { isWeightKey, WEIGHT_FIGURES } from '../../core/stats/weightFigures';

const SORT_KEY = 'sortNeuronsBy';

/** What the sidebar may sort by: the names too, where concepts were tested. */
export type SidebarKey = ListKey | typeof BY_NAME;

/**
 * What the sidebar sorts by, which is also the order of previous and next: what was chosen last, else the names. Names
 * only where concepts were tested, weights only where they are kept with the profile.
 */
export function listKey(
  memory: Memento,
  manifest: Pick<Manifest, 'files'>,
  results: ConceptResults | null,
): SidebarKey {
  const key = memory.get<SidebarKey>(SORT_KEY, BY_NAME);
  const isThere = key === BY_NAME ? results !== null : !isWeightKey(key) || hasWeights(manifest);
  return isThere ? key : DEFAULT_SORT_KEY;
}

export async function setListKey(memory: Memento, key: SidebarKey): Promise<void> {
  await memory.update(SORT_KEY, key);
}

/** What people call what a list is sorted by. */
export function listLabel(key: SidebarKey): string {
  if (key === BY_NAME) return 'Name';
  return isWeightKey(key) ? WEIGHT_FIGURES[key].label : STATISTICS[key].label;
}

/** What a list that is sorted by it shows of a neuron, besides its name. */
export function listedFigure(key: SidebarKey, row: NeuronRow): string {
  if (key === BY_NAME) return formatMetric(DEFAULT_SORT_KEY, row);
  return isWeightKey(key) ? formatValue(row.weights?.[key] ?? null) : formatMetric(key, row);
}

/** The first neurons of a profile, of one of its layers or of one site, best first, dead ones last. */
export async function firstNeurons(
  profile: Profile,
  results: ConceptResults | null,
  { sort, limit, ...where }: { sort: SidebarKey; limit: number; layer?: number; site?: string },
): Promise<readonly NeuronRow[]> {
  if (sort !== BY_NAME) return profile.neurons({ ...where, sort, offset: 0, limit });
  const rows = await profile.neurons({ ...where, sort: DEFAULT_SORT_KEY, offset: 0, limit: Infinity });
  return namedFirst(rows, results).slice(0, limit);
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
