import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coarsenHistogram, percentileIn } from '../../../src/core/stats/coarseHistogram';

/** Bins of width 2^exponent from bin `first` on. */
function fine(first: number, exponent: number, counts: readonly number[]) {
  const width = 2 ** exponent;
  return { edges: Array.from({ length: counts.length + 1 }, (_, bin) => (first + bin) * width), counts };
}

describe('the histogram as it is drawn', () => {
  it('puts bins together at even multiples until no more bars remain than asked', () => {
    const shown = coarsenHistogram(fine(-3, -2, new Array<number>(100).fill(1)), 0, 40);
    expect(shown.width).toBe(1);
    expect(shown.edges[0]).toBe(-1);
    expect(shown.counts[0]).toBe(3);
    expect(shown.counts).toHaveLength(26);
    expect(shown.shared).not.toContain(true);
  });

  it('halves few bars, and marks those that share a bin', () => {
    const shown = coarsenHistogram(fine(5, 0, [1, 0, 4]));
    expect(shown).toMatchObject({ width: 0.5, counts: [1, 0, 0, 0, 2, 2] });
    expect(shown.shared).toEqual([true, true, false, false, true, true]);
  });

  it('shares by width where a bin is cut off at the largest value, and keeps one without width whole', () => {
    const edges = [0, 8, 16, 18, 18];
    expect(coarsenHistogram({ edges, counts: [4, 0, 8, 3] })).toMatchObject({
      width: 4,
      counts: [2, 2, 0, 0, 11],
      shared: [true, true, false, false, false],
    });
  });

  it('draws a single value as one bar', () => {
    const shown = coarsenHistogram({ edges: [0.3, 0.3], counts: [7] });
    expect(shown.counts).toEqual([7]);
    expect(shown.edges[0]).toBeLessThanOrEqual(0.3);
    expect(shown.edges[1]).toBeGreaterThan(0.3);
    expect(coarsenHistogram({ edges: [0, 0], counts: [7] })).toMatchObject({ counts: [7], shared: [false] });
  });

  it('cuts tails only where asked and counts what it cut', () => {
    const counts = [1, 0, 0, 5000, 5000, 0, 0, 2];
    const shown = coarsenHistogram(fine(0, 0, counts), 0.001);
    expect(shown).toMatchObject({ edges: [3, 3.5, 4, 4.5, 5], below: 1, above: 2 });
    expect(shown.counts).toEqual([2500, 2500, 2500, 2500]);
  });

  it('loses no token, whatever the bins', () => {
    const widths = fc.array(fc.tuple(fc.integer({ min: -12, max: 4 }), fc.nat(1000)), {
      minLength: 1,
      maxLength: 256,
    });
    fc.assert(
      fc.property(widths, fc.integer({ min: -64, max: 64 }), (bins, at) => {
        const counts = bins.map(([, count]) => count);
        fc.pre(counts.some((count) => count > 0));
        const edges = [at];
        for (const [exponent] of bins) edges.push(edges.at(-1)! + 2 ** exponent);
        for (const [tails, most] of [
          [0, 100],
          [0.001, 40],
          [0.2, 100],
        ] as const) {
          const shown = coarsenHistogram({ edges, counts }, tails, most);
          const total = counts.reduce((sum, count) => sum + count, 0);
          const drawn = shown.counts.reduce((sum, count) => sum + count, 0);
          expect(shown.below + drawn + shown.above).toBe(total);
          expect(shown.counts.every((count) => Number.isInteger(count) && count >= 0)).toBe(true);
          expect(shown.counts.length).toBeLessThanOrEqual(most);
          expect(shown.edges).toHaveLength(shown.counts.length + 1);
          expect(Number.isInteger(shown.edges[0]! / shown.width)).toBe(true);
        }
      }),
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
