import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coarsenHistogram, percentileIn } from '../../../src/core/stats/coarseHistogram';

/** 256 fine bins of width 2^exponent from bin `first` on. */
function fine(first: number, exponent: number, counts: readonly number[]) {
  const width = 2 ** exponent;
  return { edges: Array.from({ length: counts.length + 1 }, (_, bin) => (first + bin) * width), counts };
}

describe('the histogram as it is drawn', () => {
  it('pairs fine bins up at even multiples until at most 40 bars remain', () => {
    const shown = coarsenHistogram(fine(-3, -2, new Array<number>(100).fill(1)));
    expect(shown.width).toBe(1);
    expect(shown.edges[0]).toBe(-1);
    expect(shown.counts[0]).toBe(3);
    expect(shown.counts).toHaveLength(26);
  });

  it('leaves few bins as they are', () => {
    const histogram = fine(5, 0, [1, 0, 2]);
    expect(coarsenHistogram(histogram)).toMatchObject({ edges: [5, 6, 7, 8], counts: [1, 0, 2], width: 1 });
  });

  it('cuts tails only where asked and counts what it cut', () => {
    const counts = [1, 0, 0, 5000, 5000, 0, 0, 2];
    const shown = coarsenHistogram(fine(0, 0, counts), 0.001);
    expect(shown).toMatchObject({ edges: [3, 4, 5], counts: [5000, 5000], below: 1, above: 2 });
  });

  it('loses no token, whatever the bins', () => {
    const bins = fc.array(fc.nat(1000), { minLength: 1, maxLength: 256 });
    fc.assert(
      fc.property(
        bins,
        fc.integer({ min: -128, max: 128 }),
        fc.integer({ min: -20, max: 20 }),
        (counts, at, e) => {
          fc.pre(counts.some((count) => count > 0));
          for (const tails of [0, 0.001, 0.2]) {
            const shown = coarsenHistogram(fine(at, e, counts), tails);
            const total = counts.reduce((sum, count) => sum + count, 0);
            const drawn = shown.counts.reduce((sum, count) => sum + count, 0);
            expect(shown.below + drawn + shown.above).toBe(total);
            expect(shown.counts.length).toBeLessThanOrEqual(40);
            expect(shown.edges).toHaveLength(shown.counts.length + 1);
            expect((shown.edges[0] ?? NaN) / shown.width).toBe(
              Math.floor((shown.edges[0] ?? NaN) / shown.width),
            );
          }
        },
      ),
    );
  });

  it('draws nothing of nothing', () => {
    expect(coarsenHistogram({ edges: [], counts: [] })).toMatchObject({ counts: [], width: 0 });
  });

  it('tells the percentile of a value by the share of tokens below it', () => {
    const histogram = fine(0, 0, [50, 30, 20]);
    expect(percentileIn(histogram, -1)).toBe(0);
    expect(percentileIn(histogram, 1)).toBe(50);
    expect(percentileIn(histogram, 1.5)).toBe(65);
    expect(percentileIn(histogram, 9)).toBe(100);
  });
});
