import { ascendingOrder } from '../common/ascendingOrder';
import { inOneLine } from '../common/foreignText';
import { formatAuroc, formatQ, formatRatio, formatShare, formatSignedRatio } from '../common/numberFormat';
import type { ConceptNeuron, ConceptResults, NeuronName } from '../concepts/conceptResults';
import { namedFirst } from '../concepts/namedFirst';
import { nameOf } from '../concepts/neuronMeaning';
import { strengthOf } from '../concepts/statistics/auroc';
import { missedBars, type Bar } from '../concepts/statistics/naming';
import type { MetricsColumns } from '../profile/metrics/metricsLayout';
import { DEFAULT_SORT_KEY } from '../stats/statistics';
import { rowsOf, type LayeredRows } from './layeredRows';

/** Neurons that an overview can show. */
const MOST_SHOWN = 50;

/** A neuron worth looking at first. */
export interface FirstNeuron {
  readonly id: string;
  readonly name: NeuronName | null;
  /** The rule that put it there, with its figures. */
  readonly why: string;
}

interface Candidate {
  readonly id: string;
  readonly layer: string;
  /** Place in its layer by the metric that lists are sorted by, from 1. */
  readonly rank: number;
  readonly share: number;
}

/**
 * The neurons that a reader looks at first: those with a name as `namedFirst` has them, then the others by the metric that
 * lists are sorted by, none that is dead or constant; and of these no layer a second time before every layer had its turn.
 * @param results null where no concepts were tested
 */
export function firstNeuronsOf(
  table: LayeredRows,
  columns: Pick<MetricsColumns, 'dead' | 'constant' | typeof DEFAULT_SORT_KEY>,
  results: ConceptResults | null,
): FirstNeuron[] {
  const ordered = namedFirst(candidatesOf(table, columns, results), results);
  return layersInTurn(ordered)
    .slice(0, MOST_SHOWN)
    .map((candidate) => {
      const name = results && nameOf(results, candidate.id);
      const why = name
        ? whyNamed(candidate.id, name, results)
        : (nearMiss(candidate.id, results) ?? whyRanked(candidate));
      return { id: candidate.id, name, why };
    });
}

/** Every neuron with a name, and of each layer as many of the others as can be shown, best first. */
function candidatesOf(
  table: LayeredRows,
  { dead, constant, [DEFAULT_SORT_KEY]: share }: Parameters<typeof firstNeuronsOf>[1],
  results: ConceptResults | null,
): Candidate[] {
  const named = new Set(Object.keys(results?.names ?? {}).map((id) => table.rowOf(id)));
  const isListed = (row: number): boolean => !dead[row] && !constant[row] && Number.isFinite(share[row]!);
  const candidates = table.layers.flatMap((layer) => {
    const rows = rowsOf(layer).filter(isListed);
    const shares = new Float64Array(rows.length);
    rows.forEach((row, at) => (shares[at] = -share[row]!));
    const order = Array.from(ascendingOrder(shares));
    return order.flatMap((place, rank): Candidate[] => {
      const row = rows[place]!;
      if (rank >= MOST_SHOWN && !named.has(row)) return [];
      return [{ id: table.idOf(row), layer: layer.layer, rank: rank + 1, share: share[row]! }];
    });
  });
  return candidates.sort((a, b) => b.share - a.share);
}

/** The first of every layer, then the second of each, and so on; within a turn as they come. */
function layersInTurn(ordered: readonly Candidate[]): Candidate[] {
  const turns = new Map<string, number>();
  const placed = ordered.map((candidate) => {
    const turn = turns.get(candidate.layer) ?? 0;
    turns.set(candidate.layer, turn + 1);
    return { candidate, turn };
  });
  return placed.sort((a, b) => a.turn - b.turn).map(({ candidate }) => candidate);
}

function whyNamed(id: string, { concept }: NeuronName, { names }: ConceptResults): string {
  const all = Object.entries(names).filter(([, name]) => name.concept === concept);
  if (all.length === 1) return 'the only neuron that carries this name';
  const [surest] = all.sort(([, a], [, b]) => strengthOf(b.auroc) - strengthOf(a.auroc));
  return surest![0] === id
    ? `the surest of the ${all.length} neurons that carry this name`
    : `one of ${all.length} that carry this name; the surest is ${surest![0]}`;
}

const MISSED: Readonly<Record<Bar, (neuron: ConceptNeuron) => string>> = {
  auroc: ({ auroc }) => `AUROC (${formatAuroc(auroc)})`,
  ap: ({ ap }) => `average precision (${formatRatio(ap)})`,
  selectivity: ({ selectivity }) => `selectivity (${formatSignedRatio(selectivity)})`,
  q: ({ q }) => `q (${formatQ(q)})`,
};

/** The surest concept that a neuron misses by one bar only; null where there is none. */
function nearMiss(id: string, results: ConceptResults | null): string | null {
  const missed = (results?.concepts ?? []).flatMap(({ name, neurons }) => {
    const neuron = neurons.find((one) => one.id === id);
    const bars = neuron ? missedBars(neuron) : [];
    return neuron && bars.length === 1 ? [{ name, neuron, bar: bars[0]! }] : [];
  });
  const [nearest] = missed.sort((a, b) => strengthOf(b.neuron.auroc) - strengthOf(a.neuron.auroc));
  return nearest
    ? `misses the name “${inOneLine(nearest.name)}” only by its ${MISSED[nearest.bar](nearest.neuron)}`
    : null;
}

function whyRanked({ layer, rank, share }: Candidate): string {
  const place = rank === 1 ? 'the highest top share' : `number ${rank} by top share`;
  return `${place} of layer ${layer.replace('L', '')}: 1 % of the tokens hold ${formatShare(share)} of its Σ|value|`;
}
