import { describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { bandsOf, placesBetween } from '../../../src/core/stats/bands';
import { coarsenHistogram } from '../../../src/core/stats/coarseHistogram';
import { describeNeuron } from '../../../src/core/stats/describeNeuron';
import {
  edgeOf,
  errorAtRank,
  histogramOf,
  occupiedBins,
  percentileOf,
  quantileErrorOf,
  quantileOf,
} from '../../../src/core/stats/histogram';
import { massOfBins } from '../../../src/core/stats/mass';
import { metricsOf } from '../../../src/core/stats/neuronMetrics';
import { neuronOf } from './neuronOf';
import { accumulate, KINDS, makeCorpus } from './corpus';
import { bruteForce } from './bruteForce';
import { GATED, GELU, NOTHING_EXCLUDED, RELU, summarize } from './summarize';

interface Figures {
  readonly values: string;
  readonly mean: number;
  readonly std: number;
  readonly skewness: number;
  readonly kurtosis: number;
  readonly topShare: number;
  readonly quantiles: Record<string, number>;
}

const distributions = new URL('../../fixtures/stats/distributions.json', import.meta.url);
const { samples } = JSON.parse(readFileSync(distributions, 'utf8')) as { samples: Record<string, Figures> };

function decode(figures: Figures): Float32Array {
  const bytes = Uint8Array.from(Buffer.from(figures.values, 'base64'));
  return new Float32Array(bytes.buffer);
}

describe.each(Object.entries(samples))('the figures of numpy and scipy: %s', (_, expected) => {
  const values = decode(expected);
  const summary = summarize(values);
  const stats = describeNeuron(summary, GELU, NOTHING_EXCLUDED);
  const histogram = histogramOf(summary);
  const { binOf } = summary.binning;
  const binHolding = (value: number) => binOf(value, summary.exponent[0]!);
  const widthOf = (bin: number) => edgeOf(histogram, bin + 1) - edgeOf(histogram, bin);

  it('mean, standard deviation, skewness, excess kurtosis', () => {
    expect(stats.mean).toBeCloseTo(expected.mean, 11);
    expect(stats.std! / expected.std).toBeCloseTo(1, 12);
    expect(stats.skewness).toBeCloseTo(expected.skewness, 9);
    expect(stats.kurtosis! / expected.kurtosis).toBeCloseTo(1, 9);
  });

  it('quantiles within the stated error', () => {
    for (const [share, quantile] of Object.entries(expected.quantiles)) {
      const error = Math.abs(quantileOf(histogram, Number(share)) - quantile);
      expect(error).toBeLessThanOrEqual(quantileErrorOf(histogram, Number(share)));
    }
    expect(Math.abs(stats.median! - expected.quantiles['0.5']!)).toBeLessThanOrEqual(stats.medianError!);
    const ends = [0, 1].map((share) => [quantileOf(histogram, share), quantileErrorOf(histogram, share)]);
    expect(ends).toEqual([
      [stats.min, 0],
      [stats.max, 0],
    ]);
  });

  it('the mass of the top 1 % within half a bin a token', () => {
    const counted = Math.ceil(values.length / 100);
    const largest = Array.from(values, Math.abs).sort((a, b) => b - a);
    const widths = largest.slice(0, counted).reduce((sum, value) => sum + widthOf(binHolding(value)), 0);
    const bound = widths / 2 / histogram.absoluteSum;
    expect(Math.abs(stats.topShare - expected.topShare)).toBeLessThanOrEqual(bound);
  });

  it('percentiles within the share of a bin', () => {
    for (const value of values.subarray(0, 200)) {
      const below = values.filter((other) => other < value).length;
      const bin = values.filter((other) => binHolding(other) === binHolding(value)).length;
      const error = Math.abs((percentileOf(histogram, value) / 100) * values.length - below);
      expect(error).toBeLessThanOrEqual(bin);
    }
  });

  it('no percentile that its tokens are too few for', () => {
    const best = 100 * (1 - 1 / values.length);
    expect(percentileOf(histogram, histogram.max)).toBeLessThanOrEqual(best + 1e-9);
    for (const value of values.subarray(0, 200)) {
      const below = (percentileOf(histogram, value) / 100) * values.length;
      expect(below).toBeCloseTo(Math.round(below), 6);
      expect(below).toBeLessThanOrEqual(values.length - 1);
    }
    expect(percentileOf(histogram, histogram.max + 1)).toBe(100);
  });

  it('mass of bins within a bin a token, the exact sum in all', () => {
    const masses = massOfBins(histogram);
    const exact = new Float64Array(672);
    for (const value of values) exact[binHolding(value)]! += Math.abs(value);
    expect(masses.reduce((sum, mass) => sum + mass) / histogram.absoluteSum).toBeCloseTo(1, 12);
    const inner = exact[239]! + exact[240]!;
    let slack = 1e-9;
    exact.forEach((mass, bin) => {
      // The two bins at 0 take what the others' midpoints leave over, with those midpoints' errors.
      if (bin === 239 || bin === 240) return;
      const allowed = (1 + 1e-9) * histogram.bins[bin]! * widthOf(bin);
      expect(Math.abs(masses[bin]! - mass)).toBeLessThanOrEqual(allowed);
      slack += allowed;
    });
    expect(Math.abs(masses[239]! + masses[240]! - inner)).toBeLessThanOrEqual(slack);
  });

  it('at most 100 bars that hold every value, where they share no bin exactly', () => {
    const { edges, counts, width, shared } = coarsenHistogram(occupiedBins(histogram));
    expect(counts.length).toBeLessThanOrEqual(100);
    expect(counts.reduce((sum, count) => sum + count)).toBe(values.length);
    expect(Number.isInteger(Math.log2(width))).toBe(true);
    counts.forEach((count, bar) => {
      const held = values.filter((value) => value >= edges[bar]! && value < edges[bar + 1]!).length;
      if (!shared[bar]) expect(count).toBe(held);
    });
  });

  it('quantile bands: counts exact, limits within the error, places inside', () => {
    const sorted = Array.from(values).sort((a, b) => a - b);
    const bands = bandsOf(summary);
    expect(bands.map(({ count }) => count).reduce((sum, count) => sum + count)).toBe(values.length);
    expect(bands.map(({ mass }) => mass).reduce((sum, mass) => sum + mass)).toBeCloseTo(1, 9);
    for (const band of bands) {
      const first = Math.ceil(band.from * values.length - 1e-9);
      const end = Math.ceil(band.to * values.length - 1e-9);
      expect(band.count).toBe(end - first);
      expect(band.share).toBe(band.count / values.length);
      for (const [limit, rank] of [
        [band.low, first],
        [band.high, Math.min(end, values.length - 1)],
      ] as const) {
        expect(Math.abs(limit - sorted[rank]!)).toBeLessThanOrEqual(errorAtRank(histogram, rank));
      }
      expect(band.places.length).toBeLessThanOrEqual(8);
      for (const { value, token } of band.places) {
        expect(value).toBeGreaterThanOrEqual(band.low);
        expect(value).toBeLessThanOrEqual(band.high);
        expect(value).toBe(values[token]);
      }
    }
    expect(bandsOf(summary)).toEqual(bands);
  });
});

describe('dead and constant', () => {
  it('dead: never above 0 for ReLU, else a peak of a thousandth of the layer', () => {
    const dead = (values: number[], context: typeof GELU) =>
      describeNeuron(summarize(values), context, NOTHING_EXCLUDED).dead;
    expect(dead([0, 0, 0], RELU)).toBe(true);
    expect(dead([0, 1e-5, 0], RELU)).toBe(false);
    expect(dead([-9e-4, 1e-5, 9e-4], GELU)).toBe(true);
    expect(dead([-0.17, -0.1, -0.002], GELU)).toBe(false);
    expect(dead([], GELU)).toBe(true);
  });

  it('constant: a spread of a millionth of the layer', () => {
    const constant = describeNeuron(summarize(new Array<number>(500).fill(0.3)), GELU, NOTHING_EXCLUDED);
    expect(constant).toMatchObject({
      constant: true,
      std: 0,
      skewness: null,
      kurtosis: null,
      median: 0.30000001192092896,
      medianError: 0,
    });
    const spread = describeNeuron(summarize([0.3, 0.31, 0.3]), GELU, NOTHING_EXCLUDED);
    expect(spread.constant).toBe(false);
  });

  it('says nothing where there is nothing', () => {
    const stats = describeNeuron(summarize([NaN, Infinity]), GATED, NOTHING_EXCLUDED);
    expect(stats).toMatchObject({ count: 0, mean: null, median: null, min: null, positiveShare: 0 });
    expect(stats.excluded.nonFinite).toBe(2);
    const nothing = histogramOf(summarize([]));
    expect([0, 0.5, 1].map((share) => quantileOf(nothing, share))).toEqual([NaN, NaN, NaN]);
    expect(quantileErrorOf(nothing, 0.5)).toBe(0);
    expect(bandsOf(summarize([]))).toEqual([]);
    expect(occupiedBins(histogramOf(summarize([])))).toEqual({ edges: [], counts: [] });
  });
});

describe('density', () => {
  it('is the exact share above a bin edge under a tenth of the 99.9 % quantile', () => {
    const values = decode(samples['gelu']!);
    const { density } = describeNeuron(summarize(values), GELU, NOTHING_EXCLUDED);
    const q999 = samples['gelu']!.quantiles['0.999']!;
    expect(density.threshold).toBeGreaterThan(0.05 * q999);
    expect(density.threshold).toBeLessThanOrEqual(0.1 * q999 + 0.03);
    expect(density.share).toBe(values.filter((value) => value >= density.threshold).length / values.length);
  });

  it('is the share above 0 for ReLU, zeros not counted', () => {
    const values = decode(samples['relu']!);
    const { density, positiveShare } = describeNeuron(summarize(values), RELU, NOTHING_EXCLUDED);
    const positive = values.filter((value) => value > 0).length / values.length;
    expect(density).toEqual({ threshold: 0, share: positive });
    expect(positiveShare).toBe(positive);
  });
});

describe('places between two values', () => {
  const values = decode(samples['gaussian']!);
  const summary = summarize(values);

  it('are drawn from samples and random places, largest first', () => {
    const { places, stored } = placesBetween(summary, 0.5, 1.5, 12);
    expect(places).toHaveLength(12);
    expect(stored).toBeGreaterThan(12);
    expect(places.every(({ value, token }) => value >= 0.5 && value < 1.5 && value === values[token])).toBe(
      true,
    );
    expect(places.map(({ value }) => value)).toEqual(places.map(({ value }) => value).sort((a, b) => b - a));
  });

  it('hold the stored extremes where samples leave room, and the maximum in the range that ends there', () => {
    const sorted = [...values].sort((a, b) => b - a);
    const [max, low] = [sorted[0]!, sorted[10]!];
    const { places, stored } = placesBetween(summary, low, max, 40);
    expect(places.map(({ value }) => value)).toEqual(sorted.slice(0, 11));
    expect(stored).toBe(11);
    expect(placesBetween(summary, low, sorted[1]!, 40).places[0]!.value).toBe(sorted[2]);
  });
});

it('the columns of a site are the figures of its neurons', () => {
  const corpus = makeCorpus(9, 20, 300);
  const summary = accumulate(corpus, 1);
  const metrics = metricsOf(summary, GELU);
  for (let neuron = 0; neuron < KINDS.length; neuron++) {
    const stats = describeNeuron(neuronOf(summary, neuron), GELU, NOTHING_EXCLUDED);
    const { values } = bruteForce(corpus, neuron);
    expect(metrics.max[neuron]).toBe(stats.max);
    expect(metrics.topShare[neuron]).toBe(stats.topShare);
    expect(metrics.kurtosis[neuron]).toBe(stats.kurtosis ?? NaN);
    expect(metrics.density[neuron]).toBe(stats.density.share);
    expect(metrics.positiveShare[neuron]).toBe(values.filter((value) => value > 0).length / values.length);
    expect(metrics.dead[neuron]).toBe(stats.dead ? 1 : 0);
    expect(metrics.constant[neuron]).toBe(stats.constant ? 1 : 0);
  }
});
