import { describe, expect, it } from 'vitest';
import { bandsOf } from '../../../src/core/stats/bands';
import { describeNeuron } from '../../../src/core/stats/describeNeuron';
import { coarsenHistogram } from '../../../src/core/stats/coarseHistogram';
import { histogramOf, occupiedBins, quantileErrorOf, quantileOf } from '../../../src/core/stats/histogram';
import { mergeSiteSummaries } from '../../../src/core/stats/mergeSummaries';
import { choosePlaces } from '../../../src/core/stats/shownPlaces';
import type { NeuronSummary } from '../../../src/core/stats/siteSummary';
import { placesOf } from '../../../src/core/stats/storedPlaces';
import { add, newAccumulator, uniform } from './corpus';
import { GATED, GELU, NOTHING_EXCLUDED, summarize } from './summarize';

/** Mostly small negatives with a few large positives, as behind a GELU. */
function geluLike(count: number): number[] {
  const random = uniform(11);
  return Array.from({ length: count }, () => (random() < 0.01 ? 1 + 3 * random() : -0.17 * random()));
}

describe('traps that other tools fell into (peers.md, section 5)', () => {
  it('1: quantile groups are quantiles of the population, not intervals from 0 to the maximum', () => {
    const bands = bandsOf(summarize(geluLike(10_000)));
    expect(bands.map(({ count }) => count)).toEqual([5000, 4000, 900, 90, 10]);
    expect(bands[0]!.high).toBeLessThan(0);
    expect(bands[0]!.places.every(({ value }) => value < 0)).toBe(true);
    expect(bands.every(({ places }) => places.length > 0)).toBe(true);
  });

  it('2: density is not the share of values above 0', () => {
    const values = geluLike(10_000).map((value) => (value < -0.1 ? -value / 100 : value));
    const { density, positiveShare } = describeNeuron(summarize(values), GELU, NOTHING_EXCLUDED);
    expect(positiveShare).toBeGreaterThan(0.3);
    expect(density.share).toBeLessThan(0.02);
    expect(density.threshold).toBeGreaterThan(0.1);
  });

  it('3: the histogram holds negatives and whatever is large, and moments do not come from bins', () => {
    const values = [-1000, -15, -10, 0, 15, 1e6];
    const summary = summarize(values);
    const { edges, counts } = coarsenHistogram(occupiedBins(histogramOf(summary)));
    expect(counts.reduce((sum, count) => sum + count)).toBe(values.length);
    expect(edges[0]).toBeLessThanOrEqual(-1000);
    expect(edges.at(-1)).toBeGreaterThan(1e6);
    const mean = values.reduce((sum, value) => sum + value) / values.length;
    expect(describeNeuron(summary, GELU, NOTHING_EXCLUDED).mean).toBeCloseTo(mean, 9);
  });

  it('4: quantiles do not stop at 16 million values', () => {
    const values = Array.from({ length: 1 << 18 }, uniform(3));
    const parts = new Array<NeuronSummary>(65).fill(summarize(values));
    const maps = parts.map((_, i) => Uint32Array.of(i));
    const histogram = histogramOf(mergeSiteSummaries(parts, maps));
    expect(histogram.count).toBe(65 * (1 << 18));
    const sorted = Float32Array.from(values).sort();
    for (const share of [0.1, 0.5, 0.999]) {
      const exact = sorted[Math.round(share * sorted.length)]!;
      expect(Math.abs(quantileOf(histogram, share) - exact)).toBeLessThanOrEqual(
        quantileErrorOf(histogram, share),
      );
    }
  });

  it('5: a later batch does not overwrite the statistics of an earlier one', () => {
    const whole = describeNeuron(summarize([1, 2, 3, 10, 20, 60]), GELU, NOTHING_EXCLUDED);
    const batches = describeNeuron(summarize([1, 2, 3, 10, 20, 60], 3), GELU, NOTHING_EXCLUDED);
    expect(batches.mean).toBeCloseTo(16, 12);
    expect(batches).toEqual({
      ...whole,
      std: expect.closeTo(whole.std!, 12) as number,
      skewness: expect.closeTo(whole.skewness!, 12) as number,
      kurtosis: expect.closeTo(whole.kurtosis!, 12) as number,
    });
  });

  it('6: values are kept as single precision, not rounded to half', () => {
    const value = Math.fround(1.0009765625 + 2 ** -20);
    const summary = summarize([value, 0.5]);
    expect(placesOf(summary.top)[0]!.value).toBe(value);
    expect(placesOf(summary.samples).map((place) => place.value)).toContain(value);
    expect(describeNeuron(summary, GELU, NOTHING_EXCLUDED).max).toBe(value);
  });

  it('7: padding and special tokens enter nothing', () => {
    const accumulator = newAccumulator(1);
    add(accumulator, [
      {
        document: 0,
        firstToken: 0,
        windows: [4],
        endsDocument: true,
        values: Float32Array.of(999, 1, 2, -999),
        rowOf: Int32Array.of(-1, 1, 2, -1),
        hashes: Uint32Array.of(0, 1, 2, 3),
      },
    ]);
    const summary = accumulator.summary();
    expect([summary.count[0], summary.min[0], summary.max[0], summary.random.count]).toEqual([2, 1, 2, 2]);
    expect(summary.bins.reduce((sum, occupied) => sum + occupied)).toBe(2);
    expect(summary.samples.document.filter((document) => document === 0)).toHaveLength(2);
  });

  it('9: every token is ranked, not one position a window', () => {
    const values = Array.from({ length: 640 }, (_, i) => (i % 64 === i % 61 ? 5 + i : 0.001 * i));
    const largest = Math.max(...values);
    const place = placesOf(summarize(values).top)[0]!;
    expect(place.value).toBe(largest);
    expect(values[place.token]).toBe(largest);
  });

  it('10: an all-negative neuron shows its examples, and only equal order is a duplicate', () => {
    const summary = summarize(
      Array.from({ length: 400 }, (_, i) => -1 - ((i * 37) % 400) / 400),
      20,
    );
    const places = placesOf(summary.top);
    expect(places).toHaveLength(20);
    expect(places[0]!.value).toBe(-1);
    expect(placesOf(summary.bottom)[0]!.value).toBeCloseTo(-1.9975, 5);
    const shown = choosePlaces(places.slice(0, 2), [
      [1, 2, 3],
      [3, 2, 1],
    ]);
    expect(shown).toHaveLength(2);
    expect(describeNeuron(summary, GATED, NOTHING_EXCLUDED).dead).toBe(false);
  });

  it('11: summing up does not change what it is given', () => {
    const values = Float32Array.of(3, -1, NaN, 2);
    const rowOf = Int32Array.of(0, 1, 2, 3);
    const hashes = Uint32Array.of(9, 8, 7, 6);
    const given = structuredClone({ values, rowOf, hashes });
    add(newAccumulator(1), [
      { document: 0, firstToken: 0, windows: [4], endsDocument: true, values, rowOf, hashes },
    ]);
    expect({ values, rowOf, hashes }).toEqual(given);
  });

  it('12: negatives are not cut off before anything is computed', () => {
    const stats = describeNeuron(summarize([-4, -2, -2, 4]), GATED, NOTHING_EXCLUDED);
    expect(Math.abs(stats.median! + 2)).toBeLessThanOrEqual(stats.medianError!);
    expect(stats).toMatchObject({ mean: -1, min: -4, positiveShare: 0.25 });
  });

  it('13: nothing kept refers to a tensor that the next run overwrites', () => {
    const accumulator = newAccumulator(1);
    const values = new Float32Array(20);
    const window = { document: 0, windows: [20], values, rowOf: Int32Array.from(values.keys()) };
    values.set(Array.from({ length: 20 }, (_, i) => i));
    add(accumulator, [{ ...window, firstToken: 0, endsDocument: false, hashes: new Uint32Array(20) }]);
    values.fill(100);
    add(accumulator, [
      { ...window, firstToken: 20, endsDocument: true, hashes: new Uint32Array(20).fill(1) },
    ]);
    const last = placesOf(accumulator.summary().top).find(({ token }) => token === 19)!;
    expect([...last.context!]).toEqual([
      11,
      12,
      13,
      14,
      15,
      16,
      17,
      18,
      19,
      ...new Array<number>(8).fill(100),
    ]);
  });

  it('15: an example shows what follows its peak', () => {
    const values = Array.from({ length: 30 }, (_, i) => (i === 10 ? 50 : i));
    const { token, context } = placesOf(summarize(values).top)[0]!;
    expect(token).toBe(10);
    expect([...context!]).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 50, 11, 12, 13, 14, 15, 16, 17, 18]);
  });
});
