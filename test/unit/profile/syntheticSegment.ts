import { octaveBins } from '../../../src/core/stats/octaveBins';
import type { ProfiledTable } from '../../../src/core/profile/profiledTable';
import { SAMPLE_SLOTS } from '../../../src/core/profile/segments/summaryColumns';
import type { Segment, TableSummary } from '../../../src/core/profile/segments/segment';
import { documentTable } from '../../../src/core/profile/texts/documentTable';
import {
  CONTEXT_LENGTH,
  EXTREME_COUNT,
  RANDOM_COUNT,
  type ExampleStore,
} from '../../../src/core/stats/siteSummary';

/** xorshift32: the same numbers in every run. */
export function randomNumbers(seed: number): () => number {
  let state = seed | 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

export function ffnTable(layer: number, dFf: number): ProfiledTable {
  return {
    quantity: 'act',
    site: {
      part: 'model',
      layer,
      block: null,
      expert: null,
      dModel: 8,
      dFf,
      gated: false,
      packed: false,
      activation: 'gelu_tanh',
      sharedWith: null,
      quantities: ['act', 'pre'],
    },
  };
}

/** A table of made-up numbers in which every cell is different. */
export function syntheticTable(
  neurons: number,
  seed: number,
  documents: number,
  tokens: number,
): TableSummary {
  const random = randomNumbers(seed);
  const float64 = (): Float64Array => Float64Array.from({ length: neurons }, random);
  const float32 = (length: number): Float32Array => Float32Array.from({ length }, () => random() * 8 - 4);
  const below = (length: number, limit: number): Uint32Array =>
    Uint32Array.from({ length }, () => Math.floor(random() * limit));
  const store = (slots: number): ExampleStore => ({
    slots,
    value: float32(neurons * slots)
      .sort()
      .reverse(),
    document: below(neurons * slots, documents),
    token: below(neurons * slots, tokens),
    context: Uint16Array.from(below(neurons * slots * CONTEXT_LENGTH, 0x7c00)),
  });
  const bins = below(neurons * octaveBins.binCount, 1000);
  const count = Float64Array.from({ length: neurons }, (_, neuron) =>
    bins
      .subarray(neuron * octaveBins.binCount, (neuron + 1) * octaveBins.binCount)
      .reduce((sum, values) => sum + values, 0),
  );
  return {
    excluded: { special: 12, pad: 34, firstPosition: 5, sink: 0 },
    summary: {
      neurons,
      binning: octaveBins,
      count,
      nonFinite: new Float64Array(neurons),
      positive: float64(),
      absoluteSum: float64(),
      mean: float64(),
      m2: float64(),
      m3: float64(),
      m4: float64(),
      min: float32(neurons),
      max: float32(neurons),
      exponent: new Int16Array(neurons).fill(-5),
      bins,
      top: store(EXTREME_COUNT),
      bottom: store(EXTREME_COUNT),
      samples: { ...store(SAMPLE_SLOTS), hash: below(neurons * SAMPLE_SLOTS, 2 ** 32) },
      random: {
        count: RANDOM_COUNT,
        hash: below(RANDOM_COUNT, 2 ** 32).sort(),
        document: below(RANDOM_COUNT, documents),
        token: below(RANDOM_COUNT, tokens),
        value: float32(neurons * RANDOM_COUNT),
      },
    },
  };
}

export function syntheticSegment(tables: readonly ProfiledTable[], documents: number, seed = 1): Segment {
  const rows = Array.from({ length: documents }, (_, number) => ({
    key: `doc-${String(number).padStart(4, '0')}.md`,
    file: `doc-${String(number).padStart(4, '0')}.md`,
    held: null,
    record: null,
    part: 0,
    firstToken: number * 100,
    tokenCount: 100,
    textStart: number * 500,
    offsetBase: 0,
  }));
  return {
    documents: documentTable(rows),
    table: (index) => Promise.resolve(syntheticTable(tables[index]!.site.dFf, seed + index, documents, 100)),
  };
}
