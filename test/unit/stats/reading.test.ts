import { describe, expect, it } from 'vitest';
import { describeNeuron } from '../../../src/core/stats/describeNeuron';
import type { LayerContext } from '../../../src/core/stats/layerContext';
import { type LargestToken, readingOf } from '../../../src/core/stats/reading';
import { GATED, GELU, NOTHING_EXCLUDED, RELU, summarize } from './summarize';

function read(
  values: readonly number[],
  context: LayerContext = GELU,
  largest: readonly LargestToken[] = [],
) {
  return readingOf(describeNeuron(summarize(values), context, NOTHING_EXCLUDED), context, largest);
}

/** 1,000 values of which `active` are 1 and the rest `rest`. */
function firing(active: number, rest = -0.1): number[] {
  return Array.from({ length: 1000 }, (_, i) => (i < active ? 1 : rest));
}

describe('the sentence', () => {
  it.each([
    ['a silent neuron', firing(0, 0), RELU, ['Dead']],
    ['a bias', firing(0, 0.4), GELU, ['Constant']],
    ['9 of 1,000', firing(9), GELU, ['Sparse']],
    ['10 of 1,000', firing(10), GELU, ['Moderate']],
    ['200 of 1,000', firing(200), GELU, ['Moderate']],
    ['201 of 1,000', firing(201), GELU, ['Broad']],
    ['a dip no deeper than GELU goes', firing(300, -0.17), { ...GELU, medianPeak: 0.5 }, ['Broad']],
    ['large negative products', firing(300, -0.3), GATED, ['Broad', 'Two-sided']],
    ['negatives under a quarter of the maximum', firing(300, -0.24), GATED, ['Broad']],
    [
      'never positive',
      firing(0, -0.2).map((value, i) => value - i / 1000),
      GATED,
      ['Sparse', 'Negative only'],
    ],
    ['no values', [], GELU, ['No values']],
  ])('%s', (_, values, context, words) => {
    expect(read(values, context).words).toEqual(words);
  });

  it('calls negatives large only beyond a quarter of the maximum and the floor of the function', () => {
    const small = firing(300, -0.17).map((value) => (value > 0 ? 0.5 : value));
    expect(read(small, GELU).words).toEqual(['Broad']);
    expect(read(small, { ...GELU, quantity: 'pre' }).words).toEqual(['Broad', 'Two-sided']);
  });

  it('names one token only from five stored examples on and over 80 % of their mass', () => {
    const tokens = (ids: number[]) => ids.map((tokenId) => ({ value: 1, tokenId }));
    expect(read(firing(9), GELU, tokens([7, 7, 7, 7])).words).toEqual(['Sparse']);
    expect(read(firing(9), GELU, tokens([7, 7, 7, 7, 7])).words).toEqual(['Sparse', 'One token']);
    expect(read(firing(9), GELU, tokens([7, 7, 7, 7, 8])).words).toEqual(['Sparse']);
    expect(read(firing(9), GELU, tokens([7, 7, 7, 7, 7, 8])).words).toEqual(['Sparse', 'One token']);
  });

  it('shows every rule with what was measured, and holds for those it names', () => {
    const reading = read(firing(9));
    expect(reading.sentence).toBe('Above 0.0977 at 0.90 % of tokens: often a specific feature.');
    expect(reading.rules.filter(({ holds }) => holds)).toEqual([
      { rule: 'sparse: density < 1.00 %', measured: '0.90 % above 0.0977', holds: true },
    ]);
    expect(reading.rules).toHaveLength(8);
  });

  it('never says what a neuron detects', () => {
    for (const values of [firing(0, 0), firing(9), firing(500), firing(500, -0.9)]) {
      expect(read(values, GATED).sentence).not.toMatch(/detect|represent|fires for|means/i);
    }
  });
});
