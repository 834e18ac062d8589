import type { FileStore } from '../fileStore';
import { layerContextOf } from '../../stats/layerContext';
import { mergeDistributions } from '../../stats/mergeSummaries';
import { emptyMetrics, metricsOf } from '../../stats/neuronMetrics';
import type { Distributions } from '../../stats/siteSummary';
import type { ProfiledTable } from '../profiledTable';
import type { StoredSegment } from '../segments/storedSegment';
import { encodeTable } from '../table/encodeTable';
import { METRIC_NAMES } from '../../stats/statistics';
import { METRICS_LAYOUT, type MetricsColumns } from './metricsLayout';

/** Writes the metrics of all neurons over all segments, table by table: examples are not read. */
export async function writeMetrics(
  store: FileStore,
  name: string,
  segments: readonly StoredSegment[],
  tables: readonly ProfiledTable[],
): Promise<void> {
  const rows = tables.reduce((sum, { site }) => sum + site.dFf, 0);
  const columns = emptyColumns(rows);
  let first = 0;
  for (const [index, { site, quantity }] of tables.entries()) {
    const distributions = await distributionsOver(segments, index);
    const metrics = metricsOf(distributions, layerContextOf(site, quantity, distributions));
    columns.table.fill(index, first, first + site.dFf);
    columns.layer.fill(site.layer, first, first + site.dFf);
    for (let neuron = 0; neuron < site.dFf; neuron++) columns.neuron[first + neuron] = neuron;
    for (const metric of METRIC_NAMES) columns[metric].set(metrics[metric], first);
    first += site.dFf;
  }
  await store.write(name, await encodeTable(METRICS_LAYOUT, columns, rows));
}

/** How a table's neurons are distributed over all segments; at least one. */
async function distributionsOver(segments: readonly StoredSegment[], index: number): Promise<Distributions> {
  const parts: Distributions[] = [];
  for (const segment of segments) parts.push(await segment.distributions(index));
  return parts.length === 1 ? parts[0]! : mergeDistributions(parts);
}

function emptyColumns(rows: number): MetricsColumns {
  const numbers = () => new Uint32Array(rows);
  return { table: numbers(), layer: numbers(), neuron: numbers(), ...emptyMetrics(rows) };
}
