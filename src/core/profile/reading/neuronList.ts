import { formatNeuron } from '../../common/neuronAddress';
import type { Quantity } from '../../onnx/site';
import { METRIC_NAMES, type MetricName, type MetricsColumns } from '../metrics/metricsLayout';
import type { MetricsTable } from '../metrics/metricsTable';
import type { ProfiledTable } from '../profiledTable';

/** What neurons are ranked by. `min` ranks the lowest first, the others the highest. */
export type SortKey = 'max' | 'min' | 'density' | 'kurtosis' | 'skewness' | 'topShare';

export interface NeuronQuery {
  readonly sort: SortKey;
  /** Only neurons of this layer, of whatever stack, block or expert. */
  readonly layer?: number;
  /** `act` unless given, or what the profile has instead. */
  readonly quantity?: Quantity;
  readonly limit: number;
  readonly offset: number;
  /** Turns the ranking of `sort` round; dead neurons stay last. */
  readonly reversed?: boolean;
}

/** A neuron in a list. Undefined metrics are null. */
export interface NeuronRow {
  readonly id: string;
  readonly quantity: Quantity;
  readonly count: number;
  readonly max: number | null;
  readonly min: number | null;
  readonly mean: number | null;
  readonly std: number | null;
  readonly median: number | null;
  readonly q999: number | null;
  readonly density: number | null;
  readonly positiveShare: number | null;
  readonly kurtosis: number | null;
  readonly skewness: number | null;
  readonly topShare: number | null;
  readonly dead: boolean;
  readonly constant: boolean;
}

/** Ranks neurons without touching their histograms; equal ones stand in the order of the model. */
export async function listNeurons(
  metrics: MetricsTable,
  tables: readonly ProfiledTable[],
  query: NeuronQuery,
): Promise<NeuronRow[]> {
  if (metrics.rows === 0) return [];
  const quantity = query.quantity ?? defaultQuantity(tables);
  const ranked = await rankedRows(metrics, tables, query, quantity);
  const shown = ranked.slice(query.offset, query.offset + query.limit);
  if (shown.length === 0) return [];
  const columns = await allColumns(metrics);
  return Array.from(shown, (row) => neuronRow(row, columns, tables));
}

/** `act` where the profile has it, else its first quantity. */
export function defaultQuantity(tables: readonly ProfiledTable[]): Quantity {
  return tables.some(({ quantity }) => quantity === 'act') ? 'act' : tables[0]!.quantity;
}

/** Rows of the metrics in order. */
async function rankedRows(
  metrics: MetricsTable,
  tables: readonly ProfiledTable[],
  { sort, layer, reversed = false }: NeuronQuery,
  quantity: Quantity,
): Promise<Uint32Array> {
  const [values, dead] = await Promise.all([metrics.column(sort), metrics.column('dead')]);
  const lowestFirst = (sort === 'min') !== reversed;
  const chosen: number[] = [];
  const keys = new Float64Array(metrics.rows);
  tables.forEach(({ site, quantity: profiled }, table) => {
    if (profiled !== quantity || (layer !== undefined && site.layer !== layer)) return;
    const first = metrics.firstRowOf(table);
    for (let row = first; row < first + site.dFf; row++) {
      chosen.push(row);
      const value = values[row]!;
      keys[row] = dead[row] === 1 || Number.isNaN(value) ? Infinity : lowestFirst ? value : -value;
    }
  });
  return sortedBy(keys, chosen);
}

/**
 * Rows by ascending key, equal ones as they come. The keys are sorted without their rows, natively, and each row then
 * finds its place among them: several times faster than a sort that compares rows.
 */
function sortedBy(keys: Float64Array, rows: readonly number[]): Uint32Array {
  const sorted = Float64Array.from(rows, (row) => keys[row]!).sort();
  const placed = new Uint32Array(rows.length);
  const result = new Uint32Array(rows.length);
  for (const row of rows) {
    const first = lowerBound(sorted, keys[row]!);
    result[first + placed[first]!++] = row;
  }
  return result;
}

/** Index of the first of the sorted numbers that is not below `number`. */
function lowerBound(sorted: Float64Array, number: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < number) low = middle + 1;
    else high = middle;
  }
  return low;
}

async function allColumns(metrics: MetricsTable): Promise<MetricsColumns> {
  const names = ['table', 'layer', 'neuron', 'count', ...METRIC_NAMES] as const;
  const columns = await Promise.all(names.map(async (name) => [name, await metrics.column(name)] as const));
  return Object.fromEntries(columns) as unknown as MetricsColumns;
}

function neuronRow(row: number, columns: MetricsColumns, tables: readonly ProfiledTable[]): NeuronRow {
  const { site, quantity } = tables[columns.table[row]!]!;
  const finite = (name: Exclude<MetricName, 'dead' | 'constant'>): number | null => {
    const value = columns[name][row]!;
    return Number.isFinite(value) ? value : null;
  };
  return {
    id: formatNeuron({ ...site, neuron: columns.neuron[row]! }),
    quantity,
    count: columns.count[row]!,
    max: finite('max'),
    min: finite('min'),
    mean: finite('mean'),
    std: finite('std'),
    median: finite('median'),
    q999: finite('q999'),
    density: finite('density'),
    positiveShare: finite('positiveShare'),
    kurtosis: finite('kurtosis'),
    skewness: finite('skewness'),
    topShare: finite('topShare'),
    dead: columns.dead[row] === 1,
    constant: columns.constant[row] === 1,
  };
}
