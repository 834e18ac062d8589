import { describe, expect, it } from 'vitest';
import { chooseName, missedBars, tooFew } from '../../../src/core/concepts/statistics/naming';

const good = { auroc: 0.9, ap: 0.7, selectivity: 0.3, q: 0.001 };

describe('a name', () => {
  it('needs all four bars, and low values may go with a concept as well', () => {
    expect(missedBars(good)).toEqual([]);
    expect(missedBars({ ...good, auroc: 0.1 })).toEqual([]);
    expect(missedBars({ auroc: 0.8, ap: 0.499, selectivity: 0.2, q: 0.05 })).toEqual([
      'auroc',
      'ap',
      'selectivity',
      'q',
    ]);
    expect(missedBars({ ...good, ap: 0.5 })).toEqual([]);
    expect(missedBars({ auroc: NaN, ap: NaN, selectivity: NaN, q: NaN })).toHaveLength(4);
  });

  it('comes from the concept that explains most, those nested with it stand under it', () => {
    // Digits (0) are 40 of the 44 tokens of numbers with unit (1); capitals (2) share one token with either.
    const shared = [
      [40, 40, 1],
      [40, 44, 1],
      [1, 1, 90],
    ];
    const passed = [
      { concept: 0, f1: 0.7 },
      { concept: 1, f1: 0.8 },
      { concept: 2, f1: 0.6 },
    ];
    expect(chooseName(passed, (one, other) => shared[one]![other]!)).toEqual({ concept: 1, under: [0] });
    expect(chooseName([], () => 0)).toBeNull();
  });
});

describe('a concept is refused', () => {
  const enough = { positives: { a: 50, b: 60 }, others: { a: 900, b: 900 }, documents: { a: 10, b: 12 } };
  it.each([
    [enough, null],
    [{ ...enough, positives: { a: 0, b: 0 } }, /no token/],
    [{ ...enough, positives: { a: 49, b: 60 } }, /49 and 60 positives/],
    [{ ...enough, documents: { a: 10, b: 9 } }, /10 and 9 documents/],
    [{ ...enough, others: { a: 0, b: 7 } }, /only 0 and 7 tokens/],
  ])('%j', (counts, reason) => {
    if (reason === null) expect(tooFew(counts)).toBeNull();
    else expect(tooFew(counts)).toMatch(reason);
  });
});
