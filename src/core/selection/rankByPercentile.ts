import type { SiteBackground } from '../profile/queries/siteBackground';
import { percentileOf } from '../stats/histogram';
import type { NeuronPeak } from './neuronPeaks';

/** A peak with the share of the neuron's background below it, in percent. */
export interface RankedPeak extends NeuronPeak {
  readonly percentile: number;
}

/** Looks the candidates' percentiles up, and sorts by them; equal ones keep their order by excess. */
export async function rankByPercentile(
  peaks: readonly NeuronPeak[],
  backgrounds: readonly SiteBackground[],
): Promise<RankedPeak[]> {
  const ranked = await Promise.all(
    peaks.map(async (peak) => {
      const histogram = await backgrounds[peak.output]!.histogram(peak.neuron);
      return { ...peak, percentile: percentileOf(histogram, peak.value) };
    }),
  );
  return ranked.sort((a, b) => b.percentile - a.percentile || b.excess - a.excess);
}
