import { ascendingOrder } from '../../common/ascendingOrder';
import { formatSite, neuronFormat } from '../../common/neuronAddress';
import type { Quantity } from '../../onnx/site';
import {
  type ListedFigures,
  listedFigures,
  METRIC_NAMES,
  type SortKey,
  STATISTICS,
} from '../../stats/statistics';
import type { MetricsColumns } from '../metrics/metricsLayout';
import type { MetricsTable } from '../metrics/metricsTable';
import { defaultQuantity, type ProfiledTable } from '../profiledTable';

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

/** A neuron in a list. Statistics that are not defined are null. */
export interface NeuronRow extends ListedFigures {
  readonly id: string;
  readonly quantity: Quantity;
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
  const lowestFirst = (STATISTICS[sort].ranked === 'lowest') !== reversed;
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
      ...listedFigures((name) => columns[name][row]!),
    };
  };
}
