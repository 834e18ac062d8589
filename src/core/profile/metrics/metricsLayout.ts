import type { NeuronMetrics } from '../../stats/neuronMetrics';
import { column, type ColumnLayout, type TableColumns } from '../table/columnLayout';

const METRIC_COLUMNS = {
  max: column('float64'),
  min: column('float64'),
  mean: column('float64'),
  std: column('float64'),
  median: column('float64'),
  q999: column('float64'),
  density: column('float64'),
  positiveShare: column('float64'),
  kurtosis: column('float64'),
  skewness: column('float64'),
  topShare: column('float64'),
  dead: column('uint8'),
  constant: column('uint8'),
} as const satisfies Record<keyof NeuronMetrics, ColumnLayout>;

/** One row a neuron of every table, in the tables' order: what lists are sorted by, apart from all else. */
export const METRICS_LAYOUT = {
  /** Index of the table in `sites.json`. */
  table: column('uint32'),
  layer: column('uint32'),
  neuron: column('uint32'),
  count: column('float64'),
  ...METRIC_COLUMNS,
} as const;

export type MetricName = keyof NeuronMetrics;
export const METRIC_NAMES = Object.keys(METRIC_COLUMNS) as MetricName[];
export type MetricsColumns = TableColumns<typeof METRICS_LAYOUT>;
