import { figuresOf } from './describeNeuron';
import { histogramOf, quantileOf } from './histogram';
import type { LayerContext } from './layerContext';
import type { Distributions } from './siteSummary';

/** What neurons are listed and sorted by: one column per metric, one entry per neuron; NaN where undefined. */
export interface NeuronMetrics {
  readonly max: Float64Array;
  readonly min: Float64Array;
  readonly mean: Float64Array;
  readonly std: Float64Array;
  readonly median: Float64Array;
  /** 99.9 % quantile. */
  readonly q999: Float64Array;
  readonly density: Float64Array;
  readonly positiveShare: Float64Array;
  readonly kurtosis: Float64Array;
  readonly skewness: Float64Array;
  readonly topShare: Float64Array;
  /** 1 where the neuron is dead. */
  readonly dead: Uint8Array;
  /** 1 where it is constant. */
  readonly constant: Uint8Array;
}

/** The metrics of all neurons of a site. */
export function metricsOf(summary: Distributions, context: LayerContext): NeuronMetrics {
  const column = () => new Float64Array(summary.neurons);
  const metrics: NeuronMetrics = {
    max: column(),
    min: column(),
    mean: column(),
    std: column(),
    median: column(),
    q999: column(),
    density: column(),
    positiveShare: column(),
    kurtosis: column(),
    skewness: column(),
    topShare: column(),
    dead: new Uint8Array(summary.neurons),
    constant: new Uint8Array(summary.neurons),
  };
  for (let neuron = 0; neuron < summary.neurons; neuron++) {
    const histogram = histogramOf(summary, neuron);
    const figures = figuresOf(histogram, summary, neuron, context);
    metrics.max[neuron] = figures.max ?? NaN;
    metrics.min[neuron] = figures.min ?? NaN;
    metrics.mean[neuron] = figures.mean ?? NaN;
    metrics.std[neuron] = figures.std ?? NaN;
    metrics.median[neuron] = figures.median ?? NaN;
    metrics.q999[neuron] = quantileOf(histogram, 0.999);
    metrics.density[neuron] = figures.density.share;
    metrics.positiveShare[neuron] = figures.positiveShare;
    metrics.kurtosis[neuron] = figures.kurtosis ?? NaN;
    metrics.skewness[neuron] = figures.skewness ?? NaN;
    metrics.topShare[neuron] = figures.topShare;
    metrics.dead[neuron] = figures.dead ? 1 : 0;
    metrics.constant[neuron] = figures.constant ? 1 : 0;
  }
  return metrics;
}
