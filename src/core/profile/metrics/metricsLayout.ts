import {
  METRIC_NAMES,
  type MetricElement,
  metricElement,
  type MetricName,
  STATISTICS,
} from '../../stats/statistics';
import { column, type ColumnLayout, type TableColumns } from '../table/columnLayout';

type MetricLayouts = {
  readonly [Name in MetricName]: ColumnLayout & { readonly element: MetricElement<Name> };
};

/** One row a neuron of every table, in the tables' order: what lists are sorted by, apart from all else. */
export const METRICS_LAYOUT = {
  /** Index of the table in `sites.json`. */
  table: column('uint32'),
  layer: column('uint32'),
  neuron: column('uint32'),
  ...(Object.fromEntries(
    METRIC_NAMES.map((name) => [
      name,
      { ...column(metricElement(name)), isNew: 'isNew' in STATISTICS[name] },
    ]),
  ) as unknown as MetricLayouts),
};

export type MetricsColumns = TableColumns<typeof METRICS_LAYOUT>;
