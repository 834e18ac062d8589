import { describe, expect, it } from 'vitest';
import { fromFloat16 } from '../../../src/core/stats/float16';
import { mergeSiteSummaries } from '../../../src/core/stats/mergeSummaries';
import { EMPTY_SLOT, type ExampleStore, type SiteSummary } from '../../../src/core/stats/siteSummary';
import { bruteForce, type Place, randomPlaces } from './bruteForce';
import { accumulate, FINITE_KINDS, KINDS, makeCorpus, type MadeDocument, neuronsOf } from './corpus';

const float16 = new Map<number, number>();

/** The reference rounds through the platform's own view of a number, digit by digit: 11 significant bits. */
function rounded(value: number): number {
  if (!Number.isFinite(value) || value === 0) return value;
  const known = float16.get(value);
  if (known !== undefined) return known;
  const unit = 2 ** (Math.max(Math.floor(Math.log2(Math.abs(value))), -14) - 10);
  const down = Math.floor(value / unit);
  const rest = value / unit - down;
  const steps = rest > 0.5 || (rest === 0.5 && down % 2 !== 0) ? down + 1 : down;
  const result = Math.abs(steps * unit) > 65504 ? Math.sign(value) * Infinity : steps * unit;
  float16.set(value, result);
  return result;
}

function storedPlaces(store: ExampleStore, neuron: number, from = 0, to = store.slots) {
  const places = [];
  for (let slot = neuron * store.slots + from; slot < neuron * store.slots + to; slot++) {
    if (store.document[slot] === EMPTY_SLOT) continue;
    places.push({
      value: store.value[slot],
      document: store.document[slot],
      token: store.token[slot],
      context: Array.from(store.context.subarray(slot * 17, slot * 17 + 17), (bits) => fromFloat16(bits) + 0),
    });
  }
  return places;
}

function expectedPlaces(places: readonly Place[]) {
  return places.map(({ value, document, token, context }) => ({
    value: value + 0,
    document,
    token,
    context: context.map((activation) => rounded(activation) + 0),
  }));
}

function expectClose(actual: number, expected: number, scale: number) {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-12 * Math.max(Math.abs(expected), scale));
}

function expectSummary(summary: SiteSummary, documents: readonly MadeDocument[]) {
  for (let neuron = 0; neuron < neuronsOf(documents); neuron++) {
    const reference = bruteForce(documents, neuron);
    const { values } = reference;
    expect(summary.count[neuron]).toBe(values.length);
    expect(summary.nonFinite[neuron]).toBe(reference.nonFinite);
    expect(summary.positive[neuron]).toBe(values.filter((value) => value > 0).length);
    expect(summary.exponent[neuron]).toBe(reference.exponent);
    expect([...summary.bins.subarray(neuron * 672, neuron * 672 + 672)]).toEqual(reference.bins);
    expect(summary.min[neuron]).toBe(Math.min(...values) + 0);
    expect(summary.max[neuron]).toBe(Math.max(...values) + 0);
    const spread = Math.sqrt(reference.m2 / Math.max(1, values.length));
    const magnitude = values.reduce((total, value) => total + Math.abs(value), 0);
    expectClose(summary.absoluteSum[neuron]!, magnitude, 0);
    expectClose(summary.mean[neuron]!, reference.mean, magnitude / Math.max(1, values.length));
    // Deviations cannot be known better than the mean that they are taken from, to one part in 2^52.
    const grain = 1e-3 * Math.abs(reference.mean);
    expectClose(summary.m2[neuron]!, reference.m2, values.length * grain * spread);
    expectClose(summary.m3[neuron]!, reference.m3, values.length * (spread ** 3 + grain * spread ** 2));
    expectClose(summary.m4[neuron]!, reference.m4, values.length * (spread ** 4 + grain * spread ** 3));
    expect(storedPlaces(summary.top, neuron)).toEqual(expectedPlaces(reference.top));
    expect(storedPlaces(summary.bottom, neuron)).toEqual(expectedPlaces(reference.bottom));
    for (let superBin = 0; superBin < 16; superBin++) {
      const stored = storedPlaces(summary.samples, neuron, superBin * 4, superBin * 4 + 4);
      expect(stored).toEqual(expectedPlaces(reference.samples[superBin]!));
    }
  }
  const random = randomPlaces(documents);
  expect(summary.random.count).toBe(random.length);
  random.forEach(({ document, token, hash }, rank) => {
    expect(summary.random.hash[rank]).toBe(hash);
    expect(summary.random.document[rank]).toBe(document);
    expect(summary.random.token[rank]).toBe(token);
    for (let neuron = 0; neuron < neuronsOf(documents); neuron++) {
      const value = documents[document]!.values[token * neuronsOf(documents) + neuron]!;
      expect(summary.random.value[neuron * 256 + rank]).toBe(Number.isFinite(value) ? value : NaN);
    }
  });
}

/** Documents dealt to shards, each accumulated on its own, merged. */
function accumulateShards(documents: readonly MadeDocument[], shards: number, batchSeed: number) {
  const parts = Array.from({ length: shards }, (_, shard) => {
    const numbers = documents.map((_, number) => number).filter((number) => number % shards === shard);
    return {
      summary: accumulate(
        numbers.map((number) => documents[number]!),
        batchSeed + shard,
      ),
      map: Uint32Array.from(numbers),
    };
  });
  return mergeSiteSummaries(
    parts.map(({ summary }) => summary),
    parts.map(({ map }) => map),
  );
}

describe('an accumulator gives what a pass over all values gives', () => {
  it.each([
    { name: 'one token', documents: 1, longest: 1 },
    { name: 'a few short documents', documents: 5, longest: 12 },
    { name: 'many short documents', documents: 200, longest: 40 },
    { name: 'long documents of many windows', documents: 6, longest: 3000 },
  ])('$name', ({ documents, longest }) => {
    for (const kinds of [KINDS, FINITE_KINDS]) {
      const corpus = makeCorpus(documents + longest, documents, longest, kinds);
      expectSummary(accumulate(corpus, 1), corpus);
    }
  });

  it('in whatever order batches come', () => {
    const corpus = makeCorpus(3, 30, 300, FINITE_KINDS);
    for (const batchSeed of [2, 3]) expectSummary(accumulate(corpus, batchSeed), corpus);
  });

  it('from shards of any number, merged', () => {
    const corpus = makeCorpus(4, 40, 400);
    for (const shards of [2, 7, 40]) expectSummary(accumulateShards(corpus, shards, 5), corpus);
  });
});
