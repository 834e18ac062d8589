import { type Histogram, histogramOf, quantileErrorOf, quantileOf, stepBelow, zeroBinOf } from './histogram';
import { isRectified, type LayerContext, peakOf } from './layerContext';
import { topShareOf } from './mass';
import type { Distributions, ExcludedCounts } from './siteSummary';

/** A neuron whose peak is under this part of its layer's median peak is dead. */
export const DEAD_PEAK = 1e-3;
/** A neuron whose standard deviation is under this part of its layer's median peak is constant. */
export const CONSTANT_SPREAD = 1e-6;
const ACTIVE_PART_OF_Q999 = 0.1;

/** The figures of a neuron's page: `stats` of docs/cli.md. */
export interface NeuronStatistics {
  readonly count: number;
  readonly mean: number | null;
  /** Population standard deviation. */
  readonly std: number | null;
  readonly median: number | null;
  /** The most by which the median, read off the histogram, can miss. */
  readonly medianError: number | null;
  readonly min: number | null;
  readonly max: number | null;
  readonly skewness: number | null;
  /** Excess kurtosis: 0 for a Gaussian. */
  readonly kurtosis: number | null;
  readonly density: { readonly threshold: number; readonly share: number };
  readonly positiveShare: number;
  readonly topShare: number;
  readonly dead: boolean;
  readonly constant: boolean;
  readonly excluded: {
    readonly special: number;
    readonly pad: number;
    readonly firstPosition: number;
    readonly sink: number;
    readonly nonFinite: number;
  };
}

/** All statistics of a neuron but what its site left out. */
export type NeuronFigures = Omit<NeuronStatistics, 'excluded'>;

/** The statistics that a neuron's page shows (docs/methods.md, Statistics). */
export function describeNeuron(
  summary: Distributions,
  context: LayerContext,
  excluded: ExcludedCounts,
): NeuronStatistics {
  const { special, pad, firstPosition, sink } = excluded;
  return {
    ...figuresOf(histogramOf(summary), summary, 0, context),
    excluded: { special, pad, firstPosition, sink, nonFinite: summary.nonFinite[0]! },
  };
}

/** @param histogram of the same neuron. */
export function figuresOf(
  histogram: Histogram,
  summary: Distributions,
  neuron: number,
  context: LayerContext,
): NeuronFigures {
  const { count, min, max } = histogram;
  const known = count > 0;
  const std = Math.sqrt(summary.m2[neuron]! / count);
  const spread = known && std > 0;
  const peak = peakOf(summary, neuron);
  const dead = !known || (isRectified(context) ? max <= 0 : peak <= DEAD_PEAK * context.medianPeak);
  return {
    count,
    mean: known ? summary.mean[neuron]! : null,
    std: known ? std : null,
    median: known ? quantileOf(histogram, 0.5) : null,
    medianError: known ? quantileErrorOf(histogram, 0.5) : null,
    min: known ? min : null,
    max: known ? max : null,
    skewness: spread ? summary.m3[neuron]! / count / std ** 3 : null,
    kurtosis: spread ? summary.m4[neuron]! / count / std ** 4 - 3 : null,
    density: densityOf(histogram, summary.positive[neuron]!, context),
    positiveShare: known ? summary.positive[neuron]! / count : 0,
    topShare: topShareOf(histogram),
    dead,
    constant: known && std <= CONSTANT_SPREAD * context.medianPeak,
  };
}

/**
 * Share of tokens above 0 for ReLU, else at or above the bin edge at or below a tenth of the 99.9 % quantile: a bin
 * edge, so that the count is exact. Where that edge is 0, or the quantile negative, it is the share above 0.
 */
function densityOf(
  histogram: Histogram,
  positive: number,
  context: LayerContext,
): { threshold: number; share: number } {
  const { bins, edges, count } = histogram;
  if (count === 0) return { threshold: 0, share: 0 };
  const wanted = isRectified(context) ? 0 : ACTIVE_PART_OF_Q999 * quantileOf(histogram, 0.999);
  const step = wanted > 0 ? stepBelow(histogram, wanted) : 0;
  if (step === 0) return { threshold: 0, share: positive / count };
  let active = 0;
  for (let bin = zeroBinOf(histogram) + step; bin < bins.length; bin++) active += bins[bin]!;
  return { threshold: edges[step]!, share: active / count };
}
