import { ascendingOrder } from '../../common/ascendingOrder';
import { formatSite, neuronFormat } from '../../common/neuronAddress';
import type { Quantity } from '../../onnx/site';
import { METRIC_NAMES, type MetricsColumns } from '../metrics/metricsLayout';
import type { MetricsTable } from '../metrics/metricsTable';
import { defaultQuantity, type ProfiledTable } from '../profiledTable';

/** What neurons are ranked by. `min` ranks the lowest first, the others the highest. */
export type SortKey = 'max' | 'min' | 'density' | 'kurtosis' | 'skewness' | 'topShare';

export interface NeuronQuery {
  readonly sort: SortKey;
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
  return Array.from(shown, rowsOf(await allColumns(metrics), tables));
}

/** Rows of the metrics in order. */
async function rankedRows(
  metrics: MetricsTable,
  tables: readonly ProfiledTable[],
  { sort, layer, site: wanted, reversed = false }: NeuronQuery,
  quantity: Quantity,
): Promise<Uint32Array> {
  const [values, dead] = await Promise.all([metrics.column(sort), metrics.column('dead')]);
  const lowestFirst = (sort === 'min') !== reversed;
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
  const names = ['table', 'layer', 'neuron', 'count', ...METRIC_NAMES] as const;
  const columns = await Promise.all(names.map(async (name) => [name, await metrics.column(name)] as const));
  return Object.fromEntries(columns) as unknown as MetricsColumns;
}

/** What makes a row of the metrics one of the list. */
function rowsOf(columns: MetricsColumns, tables: readonly ProfiledTable[]): (row: number) => NeuronRow {
  const formats = tables.map(({ site }) => neuronFormat(site));
  return (row) => {
    const table = columns.table[row]!;
    return {
      id: formats[table]!(columns.neuron[row]!),
      quantity: tables[table]!.quantity,
      count: columns.count[row]!,
      max: finite(columns.max[row]!),
      min: finite(columns.min[row]!),
      mean: finite(columns.mean[row]!),
      std: finite(columns.std[row]!),
      median: finite(columns.median[row]!),
      q999: finite(columns.q999[row]!),
      density: finite(columns.density[row]!),
      positiveShare: finite(columns.positiveShare[row]!),
      kurtosis: finite(columns.kurtosis[row]!),
      skewness: finite(columns.skewness[row]!),
      topShare: finite(columns.topShare[row]!),
      dead: columns.dead[row] === 1,
      constant: columns.constant[row] === 1,
    };
  };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
