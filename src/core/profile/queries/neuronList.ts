import { ascendingOrder } from '../../common/ascendingOrder';
import { LensError } from '../../common/errors';
import { formatSite, neuronFormat } from '../../common/neuronAddress';
import type { Quantity } from '../../onnx/site';
import {
  type ListedFigures,
  listedFigures,
  METRIC_NAMES,
  type SortKey,
  STATISTICS,
} from '../../stats/statistics';
import { isWeightKey, WEIGHT_KEYS, type WeightFigures, type WeightKey } from '../../stats/weightFigures';
import type { MetricsColumns } from '../metrics/metricsLayout';
import type { MetricsTable } from '../metrics/metricsTable';
import type { WeightColumns } from '../metrics/weightsAnnex';
import { defaultQuantity, type ProfiledTable } from '../profiledTable';

/** What lists may be ranked by: activations, or weights where their figures are kept with the profile. */
export type ListKey = SortKey | WeightKey;

export interface NeuronQuery {
  readonly sort: ListKey;
  /** Only neurons of this layer, of whatever stack, block or expert. */
  readonly layer?: number;
  /** Only neurons of this site, as `formatSite` writes it. */
  readonly site?: string;
  /** `act` unless given, or what the profile has instead. */
  readonly quantity?: Quantity;
  readonly limit: number;
  readonly offset: number;
  /** Turns the ranking of `sort` round; dead neurons stay last. */
  readonly reversed?: boolean;
}

/** A neuron in a list. Statistics that are not defined are null. */
export interface NeuronRow extends ListedFigures {
  readonly id: string;
  readonly quantity: Quantity;
  /** In a list that is ranked by weights. */
  readonly weights?: WeightFigures;
}

/**
 * Ranks neurons without touching their histograms; equal ones stand in the order of the model.
 * @param weights of all neurons; null where they are not kept, or not what is ranked by
 * @throws LensError `not-found` where they are ranked by and not kept
 */
export async function listNeurons(
  metrics: MetricsTable,
  tables: readonly ProfiledTable[],
  query: NeuronQuery,
  weights: WeightColumns | null,
): Promise<NeuronRow[]> {
  if (isWeightKey(query.sort) && !weights) {
    throw new LensError(
      'not-found',
      'The figures of the weights are not kept with this profile. Compute them first.',
    );
  }
  if (metrics.rows === 0) return [];
  const quantity = query.quantity ?? defaultQuantity(tables);
  const ranked = await rankedRows(metrics, tables, query, quantity, weights);
  const shown = ranked.slice(query.offset, query.offset + query.limit);
  if (shown.length === 0) return [];
  return Array.from(shown, rowsOf(await allColumns(metrics), tables, weights));
}

/** Rows of the metrics in order. */
async function rankedRows(
  metrics: MetricsTable,
  tables: readonly ProfiledTable[],
  { sort, layer, site: wanted, reversed = false }: NeuronQuery,
  quantity: Quantity,
  weights: WeightColumns | null,
): Promise<Uint32Array> {
  const dead = await metrics.column('dead');
  const values = isWeightKey(sort) ? weights![sort] : await metrics.column(sort);
  const isLowest = !isWeightKey(sort) && STATISTICS[sort].ranked === 'lowest';
  const lowestFirst = isLowest !== reversed;
  const rows = new Uint32Array(metrics.rows);
  const keys = new Float64Array(metrics.rows);
  let chosen = 0;
  tables.forEach(({ site, quantity: profiled }, table) => {
    if (profiled !== quantity || (layer !== undefined && site.layer !== layer)) return;
    if (wanted !== undefined && formatSite(site) !== wanted) return;
    const first = metrics.firstRowOf(table);
    for (let row = first; row < first + site.dFf; row++) {
      const value = values[row]!;
      rows[chosen] = row;
      keys[chosen] = dead[row] === 1 || Number.isNaN(value) ? Infinity : lowestFirst ? value : -value;
      chosen += 1;
    }
  });
  return ascendingOrder(keys.subarray(0, chosen)).map((place) => rows[place]!);
}

async function allColumns(metrics: MetricsTable): Promise<MetricsColumns> {
  const names = ['table', 'layer', 'neuron', ...METRIC_NAMES] as const;
  return metrics.columns(names);
}

/** What makes a row of the metrics one of the list. */
function rowsOf(
  columns: MetricsColumns,
  tables: readonly ProfiledTable[],
  weights: WeightColumns | null,
): (row: number) => NeuronRow {
  const formats = tables.map(({ site }) => neuronFormat(site));
  return (row) => {
    const table = columns.table[row]!;
    return {
      id: formats[table]!(columns.neuron[row]!),
      quantity: tables[table]!.quantity,
      ...listedFigures((name) => columns[name][row]!),
      ...(weights && { weights: weightsOf(weights, row) }),
    };
  };
}

function weightsOf(columns: WeightColumns, row: number): WeightFigures {
  const figures = WEIGHT_KEYS.map((key): readonly [WeightKey, number | null] => {
    const number = columns[key][row]!;
    return [key, Number.isFinite(number) ? number : null];
  });
  return Object.fromEntries(figures) as unknown as WeightFigures;
}
