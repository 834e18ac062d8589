import type { ActivationFunction, FfnSite, Quantity } from '../onnx/site';
import type { Distributions } from './siteSummary';

/** What peaks are read off. */
export interface ValueRanges extends Pick<Distributions, 'neurons' | 'count'> {
  readonly min: Float32Array | Float64Array;
  readonly max: Float32Array | Float64Array;
}

/** What a neuron is judged against: its layer, and what the profiled tensor can hold. */
export interface LayerContext {
  readonly activation: ActivationFunction;
  readonly gated: boolean;
  readonly quantity: Quantity;
  /** Median over the layer's neurons of max|act|. */
  readonly medianPeak: number;
}

/** Smallest value of each activation function; null where it has none of note. */
const FLOOR: Record<ActivationFunction, number | null> = {
  relu: 0,
  relu2: 0,
  relu6: 0,
  gelu_erf: -0.16997,
  gelu_tanh: -0.17004,
  gelu_quick: -0.16362,
  silu: -0.27846,
  hardswish: -0.375,
  mish: -0.30884,
  elu: -1,
  softplus: 0,
  sigmoid: 0,
  tanh: -1,
  bilinear: null,
  other: null,
};

/** The context of a site's neurons, its median peak taken from the summary of them all. */
export function layerContextOf(
  site: Pick<FfnSite, 'activation' | 'gated'>,
  quantity: Quantity,
  summary: ValueRanges,
): LayerContext {
  return {
    activation: site.activation,
    gated: site.gated,
    quantity,
    medianPeak: medianPeakOf(summary),
  };
}

/** max|act| of one neuron; 0 when it has no value. */
export function peakOf(summary: ValueRanges, neuron = 0): number {
  if (summary.count[neuron] === 0) return 0;
  return Math.max(Math.abs(summary.min[neuron]!), Math.abs(summary.max[neuron]!));
}

/** Lowest value that the activation function alone can give; null for products, pre-activations and open ends. */
export function floorOf({ activation, gated, quantity }: Omit<LayerContext, 'medianPeak'>): number | null {
  return quantity === 'act' && !gated ? FLOOR[activation] : null;
}

/** Whether every value is 0 unless the neuron fires, so that 0 is the natural threshold. */
export function isRectified(context: LayerContext): boolean {
  return floorOf(context) !== null && (context.activation === 'relu' || context.activation === 'relu2');
}

function medianPeakOf(summary: ValueRanges): number {
  const peaks = Float64Array.from({ length: summary.neurons }, (_, neuron) => peakOf(summary, neuron)).sort();
  const middle = peaks.length >> 1;
  return peaks.length % 2 === 1 ? peaks[middle]! : (peaks[middle - 1]! + peaks[middle]!) / 2;
}
