import {
  CONTEXT_LENGTH,
  type ExampleStore,
  type NeuronSummary,
  RANDOM_COUNT,
  type SiteSummary,
} from './siteSummary';

/** One neuron's row of a site's summary: views into it, no copies. */
export function neuronOf(summary: SiteSummary, neuron: number): NeuronSummary {
  const next = neuron + 1;
  const { binning } = summary;
  const firstSample = neuron * summary.samples.slots;
  return {
    neurons: 1,
    binning,
    count: summary.count.subarray(neuron, next),
    nonFinite: summary.nonFinite.subarray(neuron, next),
    positive: summary.positive.subarray(neuron, next),
    absoluteSum: summary.absoluteSum.subarray(neuron, next),
    mean: summary.mean.subarray(neuron, next),
    m2: summary.m2.subarray(neuron, next),
    m3: summary.m3.subarray(neuron, next),
    m4: summary.m4.subarray(neuron, next),
    min: summary.min.subarray(neuron, next),
    max: summary.max.subarray(neuron, next),
    exponent: summary.exponent.subarray(neuron, next),
    bins: summary.bins.subarray(neuron * binning.binCount, next * binning.binCount),
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
