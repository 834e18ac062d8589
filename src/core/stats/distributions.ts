import { emptyDistributionArrays, newDistributionArrays } from './distributionColumns';
import { octaveBins } from './octaveBins';
import type { Distributions } from './siteSummary';

/** The distributions of a site that has seen no token. */
export function createDistributions(neurons: number, binning = octaveBins): Distributions {
  const distributions: Distributions = { neurons, binning, ...newDistributionArrays(neurons, binning) };
  clearDistributions(distributions);
  return distributions;
}

/** Makes distributions forget all that they have seen. */
export function clearDistributions(distributions: Distributions): void {
  emptyDistributionArrays(distributions, distributions.binning);
}
