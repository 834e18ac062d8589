import { octaveBins } from './octaveBins';
import type { Distributions } from './siteSummary';

/** The distributions of a site that has seen no token. */
export function createDistributions(neurons: number, binning = octaveBins): Distributions {
  const float64 = () => new Float64Array(neurons);
  const distributions: Distributions = {
    neurons,
    binning,
    count: float64(),
    nonFinite: float64(),
    positive: float64(),
    absoluteSum: float64(),
    mean: float64(),
    m2: float64(),
    m3: float64(),
    m4: float64(),
    min: new Float32Array(neurons),
    max: new Float32Array(neurons),
    exponent: new Int16Array(neurons),
    bins: new Uint32Array(neurons * binning.binCount),
  };
  clearDistributions(distributions);
  return distributions;
}

/** Makes distributions forget all that they have seen. */
export function clearDistributions(distributions: Distributions): void {
  const { count, nonFinite, positive, absoluteSum, mean, m2, m3, m4, bins } = distributions;
  for (const sum of [count, nonFinite, positive, absoluteSum, mean, m2, m3, m4, bins]) sum.fill(0);
  distributions.min.fill(Infinity);
  distributions.max.fill(-Infinity);
  distributions.exponent.fill(distributions.binning.startExponent);
}
