import { describe, expect, it } from 'vitest';
import { plainStatistics } from '../../../src/runtime/bench/plainStatistics';

/** Two windows of a site with two neurons: one counts up from 0 to 49, the other is its square, descending. */
const tokens = Array.from({ length: 50 }, (_, token) => [token, (49 - token) ** 2]);
const kept = [tokens.slice(0, 20), tokens.slice(20)].map((rows) => Float32Array.from(rows.flat()));

describe('plainStatistics', () => {
  it('gives the moments of every neuron over all windows', () => {
    const { mean, std, skewness, kurtosis, min, max } = plainStatistics(kept, 2);
    expect(mean[0]).toBeCloseTo(24.5, 12);
    // A discrete uniform distribution over n values: variance (n² − 1) / 12, excess −6 (n² + 1) / (5 (n² − 1)).
    expect(std[0]).toBeCloseTo(Math.sqrt((50 ** 2 - 1) / 12), 12);
    expect(skewness[0]).toBeCloseTo(0, 12);
    expect(kurtosis[0]).toBeCloseTo((-6 / 5) * ((50 ** 2 + 1) / (50 ** 2 - 1)), 12);
    expect([min[1], max[1]]).toEqual([0, 49 ** 2]);
  });

  it('counts every token in one bin', () => {
    const { bins } = plainStatistics(kept, 2);
    expect(bins.subarray(0, 256).reduce((sum, count) => sum + count)).toBe(50);
    expect([bins[0], bins[255]]).toEqual([1, 1]);
  });

  it('keeps the 32 tokens at either end, best first', () => {
    const { largest, smallest } = plainStatistics(kept, 2);
    const counting = Array.from({ length: 32 }, (_, place) => place);
    expect(smallest[0]).toEqual({ values: counting, tokens: counting });
    expect(largest[1]?.tokens).toEqual(counting);
    expect(largest[0]?.tokens).toEqual(counting.map((place) => 49 - place));
  });
});
