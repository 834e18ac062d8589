import type { ConceptResults } from '../concepts/conceptResults';
import type { ConceptControl } from '../concepts/controls/conceptControl';
import { carried, type CarriedManifest } from '../profile/manifest';
import { requireTokens } from '../profile/openProfile';
import { defaultQuantity } from '../profile/profiledTable';
import { overviewOf } from '../profile/queries/overview';
import type { StoredProfile } from '../profile/storedProfile';
import { DEFAULT_SORT_KEY, type SortKey } from '../stats/statistics';
import { firstNeuronsOf, type FirstNeuron } from './firstNeurons';
import { DEFAULT_STRIP, layerStripsOf, type LayerStrips } from './layerStrips';
import { namedOverviewOf, type NamedOverview } from './namedConcepts';
import { LayeredRows } from './layeredRows';
import { readingNotes, type ReadingNote } from './readingNotes';
import { sampleNeurons, type NeuronSample } from './sampledNeurons';

/** A profile at a glance: whether its run is sound, and where to look first. */
export interface OverviewAnswer {
  readonly manifest: CarriedManifest;
  /** Of the quantity that lists rank. */
  readonly neurons: number;
  readonly dead: number;
  readonly constant: number;
  /** Tokens that the statistics count, of the neuron that has most. */
  readonly scored: number;
  /** null where no concepts were tested. */
  readonly named: NamedOverview | null;
  /** Worth looking at first, in order. */
  readonly first: readonly FirstNeuron[];
  readonly notes: readonly ReadingNote[];
  readonly strips: LayerStrips;
  readonly sample: NeuronSample;
}

/**
 * Reads a profile at a glance: the metrics, and how many positions each segment left out; no neuron is opened.
 * @param results null where no concepts were tested
 * @param controls made beside that test
 * @throws LensError `not-found` where the profile holds no tokens (yet)
 */
export async function answerOverview(
  stored: StoredProfile,
  results: ConceptResults | null,
  controls: readonly ConceptControl[],
): Promise<OverviewAnswer> {
  requireTokens(stored);
  const [{ tables }, metrics] = await Promise.all([overviewOf(stored), stored.metrics()]);
  const manifest = carried(stored.manifest);
  const table = new LayeredRows(metrics, stored.tables);
  const names = ['dead', 'constant', 'count', 'density', 'kurtosis', DEFAULT_SORT_KEY] as const;
  const columns = await metrics.columns(names);
  const quantity = defaultQuantity(stored.tables);
  const own = tables.filter((one) => one.quantity === quantity);
  const total = (of: (one: (typeof own)[number]) => number): number =>
    own.reduce((sum, one) => sum + of(one), 0);
  const scored = columns.count.reduce((most, count) => Math.max(most, count), 0);
  return {
    manifest,
    neurons: total(({ neurons }) => neurons),
    dead: total(({ dead }) => dead),
    constant: total(({ constant }) => constant),
    scored,
    named: results && namedOverviewOf(table, results, controls),
    first: firstNeuronsOf(table, columns, results),
    notes: readingNotes(manifest, scored, own[0]!.excluded),
    strips: layerStripsOf(table, DEFAULT_STRIP, columns[DEFAULT_STRIP], columns.dead),
    sample: sampleNeurons(table, columns, manifest.plan.seed),
  };
}

/** The layers of a profile by another metric. @throws LensError as `answerOverview` */
export async function answerStrips(stored: StoredProfile, metric: SortKey): Promise<LayerStrips> {
  requireTokens(stored);
  const metrics = await stored.metrics();
  const table = new LayeredRows(metrics, stored.tables);
  const [values, dead] = await Promise.all([metrics.column(metric), metrics.column('dead')]);
  return layerStripsOf(table, metric, values, dead);
}
