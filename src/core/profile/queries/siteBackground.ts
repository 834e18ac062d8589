import type { FfnSite, Quantity } from '../../onnx/site';

import { histogramOf, type Histogram } from '../../stats/histogram';
import { mergeDistributions } from '../../stats/mergeSummaries';
import type { StoredProfile } from '../storedProfile';

/** What a profile knows of the neurons of one site: what an activation is compared with. */
export interface SiteBackground {
  readonly site: FfnSite;
  readonly quantity: Quantity;
  /** [dFf] each. */
  readonly median: ArrayLike<number>;
  /** 99.9 % quantile. */
  readonly q999: ArrayLike<number>;
  /** 1 where the neuron is dead or constant: such neurons answer to nothing. */
  readonly silent: ArrayLike<number>;
  histogram(neuron: number): Promise<Histogram>;
}

/** What a table's neurons are compared with: their sort keys at once, a neuron's histogram when it is asked for. */
export async function siteBackground(stored: StoredProfile, table: number): Promise<SiteBackground> {
  const { site, quantity } = stored.tables[table]!;
  const metrics = await stored.metrics();
  const { median, q999, dead, constant } = await metrics.ofTable(
    ['median', 'q999', 'dead', 'constant'],
    table,
    site.dFf,
  );
  const histograms = new Map<number, Promise<Histogram>>();
  return {
    site,
    quantity,
    median,
    q999,
    silent: dead.map((flag, neuron) => flag | constant[neuron]!),
    histogram: (neuron) => {
      let histogram = histograms.get(neuron);
      if (!histogram) {
        histogram = readHistogram(stored, table, neuron);
        histograms.set(neuron, histogram);
      }
      return histogram;
    },
  };
}

async function readHistogram(stored: StoredProfile, table: number, neuron: number): Promise<Histogram> {
  const segments = await stored.segments();
  const parts = await Promise.all(segments.map((segment) => segment.distributions(table, neuron, 1)));
  return histogramOf(parts.length === 1 ? parts[0]! : mergeDistributions(parts));
}
