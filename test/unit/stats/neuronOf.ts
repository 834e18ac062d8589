import { distributionRow } from '../../../src/core/stats/distributionColumns';
import {
  CONTEXT_LENGTH,
  type ExampleStore,
  type NeuronSummary,
  RANDOM_COUNT,
  type SiteSummary,
} from '../../../src/core/stats/siteSummary';

/** One neuron's row of a site's summary: views into it, no copies. */
export function neuronOf(summary: SiteSummary, neuron: number): NeuronSummary {
  const next = neuron + 1;
  const { binning } = summary;
  const firstSample = neuron * summary.samples.slots;
  return {
    neurons: 1,
    binning,
    ...distributionRow(summary, neuron, binning),
    top: examplesOf(summary.top, neuron),
    bottom: examplesOf(summary.bottom, neuron),
    samples: {
      ...examplesOf(summary.samples, neuron),
      hash: summary.samples.hash.subarray(firstSample, firstSample + summary.samples.slots),
    },
    random: {
      ...summary.random,
      value: summary.random.value.subarray(neuron * RANDOM_COUNT, next * RANDOM_COUNT),
    },
  };
}

function examplesOf(store: ExampleStore, neuron: number): ExampleStore {
  const first = neuron * store.slots;
  const end = first + store.slots;
  return {
    slots: store.slots,
    value: store.value.subarray(first, end),
    document: store.document.subarray(first, end),
    token: store.token.subarray(first, end),
    context: store.context.subarray(first * CONTEXT_LENGTH, end * CONTEXT_LENGTH),
  };
}
