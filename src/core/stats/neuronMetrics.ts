import { type ElementArrays, zeros } from '../common/elements';
import type { LayerContext } from './layerContext';
import type { Distributions } from './siteSummary';
import {
  METRIC_NAMES,
  type MetricElement,
  metricElement,
  type MetricName,
  metricsOfNeuron,
} from './statistics';

/** What neurons are listed and sorted by: a column a statistic, an entry a neuron; NaN where it is not defined. */
export type NeuronMetrics = { readonly [Name in MetricName]: ElementArrays[MetricElement<Name>] };

/** The metrics of all neurons of a site. */
export function metricsOf(summary: Distributions, context: LayerContext): NeuronMetrics {
  const metrics = emptyMetrics(summary.neurons);
  for (let neuron = 0; neuron < summary.neurons; neuron++) {
    const values = metricsOfNeuron(summary, neuron, context);
    METRIC_NAMES.forEach((name, i) => (metrics[name][neuron] = values[i]!));
  }
  return metrics;
}

/** Columns for so many neurons, all 0. */
export function emptyMetrics(neurons: number): NeuronMetrics {
  const columns = METRIC_NAMES.map((name) => [name, zeros(metricElement(name), neurons)] as const);
  return Object.fromEntries(columns) as unknown as NeuronMetrics;
}
