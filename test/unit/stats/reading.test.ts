import { describe, expect, it } from 'vitest';
import { describeNeuron } from '../../../src/core/stats/describeNeuron';
import type { LayerContext } from '../../../src/core/stats/layerContext';
import { readingOf } from '../../../src/core/stats/reading';
import type { PlacedToken } from '../../../src/core/stats/strongestTokens';
import type { ReadTokens } from '../../../src/core/stats/tokenRules';
import { GATED, GELU, NOTHING_EXCLUDED, RELU, summarize } from './summarize';

function read(values: readonly number[], context: LayerContext = GELU, tokens: Partial<ReadTokens> = {}) {
  const figures = describeNeuron(summarize(values), context, NOTHING_EXCLUDED);
  return readingOf(figures, context, { strongest: [], lowest: [], below: [], ...tokens });
}

/** Places of value 1, one a text. */
function placed(...texts: readonly string[]): PlacedToken[] {
  return texts.map((text) => ({ value: 1, text, tokenId: 7 }));
}

const times = (count: number, text: string): string[] => Array<string>(count).fill(text);

/** 1,000 values of which `active` are 1 and the rest `rest`. */
function firing(active: number, rest = -0.1): number[] {
  return Array.from({ length: 1000 }, (_, i) => (i < active ? 1 : rest));
}

describe('the sentence', () => {
  it.each([
    ['a silent neuron', firing(0, 0), RELU, ['Dead']],
    ['a bias', firing(0, 0.4), GELU, ['Constant']],
    ['9 of 1,000', firing(9), GELU, ['Sparse']],
    ['10 of 1,000', firing(10), GELU, []],
    ['200 of 1,000', firing(200), GELU, []],
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
    const wordsOf = (...texts: string[]) => read(firing(9), GELU, { strongest: placed(...texts) }).words;
    expect(wordsOf(...times(4, ' to'))).toEqual(['Sparse']);
    expect(wordsOf(...times(5, ' to'))).toEqual(['Sparse', 'One token']);
    expect(wordsOf(...times(4, ' to'), 'a')).toEqual(['Sparse']);
    expect(wordsOf(...times(3, ' to'), 'TO', 'To ', 'a')).toEqual(['Sparse', 'One token']);
    expect(read(firing(9), GELU, { strongest: placed(...times(5, ' to'), 'a') }).sentence).toBe(
      'Above 0.0977 at 0.90 % of tokens: often a specific feature. Its largest values fall almost all on one token, “·to”.',
    );
  });

  it('names the strongest tokens, and says where they are but some of many', () => {
    const said = (...texts: string[]) => read(firing(50), GELU, { strongest: placed(...texts) });
    const few = said('.', '.', '."', '`.', 'x');
    expect(few.sentence).toBe('Above 0.0977 at 5.00 % of tokens. Most strongly on “.”, “."” and “`.”.');
    expect(few.words).toEqual([]);
    const many = said(...Array.from({ length: 13 }, (_, at) => `word${at}`));
    expect(many.sentence).toContain('spread over many tokens, “word0”, “word1” and “word10” among them.');
    const bare = { strongest: [{ value: 1, text: '', tokenId: 262 }] };
    expect(read(firing(50), GELU, bare).sentence).toContain('Most strongly on “#262”.');
  });

  it('says what it holds below the top where that is something else', () => {
    const top = placed(...times(6, ' seconds'), ...times(4, ' days'));
    const said = (below: readonly PlacedToken[]) => read(firing(50), GELU, { strongest: top, below });
    const clause = 'Below the top it holds something else: “·KB” and “⏎”.';
    const other = placed(...times(4, ' KB'), '\n', '\n', 'x', 'y', 'z');
    expect(said([...other, ...placed(' Seconds')]).sentence).toContain(clause);
    // A fifth of it on tokens of the top is too much to be called something else.
    expect(said([...other.slice(0, 8), ...placed('seconds', 'DAYS')]).sentence).not.toContain('Below');
    // Seven places say nothing, and neither do tokens that stand at one place each.
    expect(said(other.slice(0, 7)).sentence).not.toContain('Below');
    expect(said(placed(...Array.from('abcdefghij'))).sentence).not.toContain('Below');
    // Two places of twenty-one are under a tenth of it.
    const rare = placed('r', 'r', ...Array.from({ length: 19 }, (_, at) => `w${at}`));
    expect(said(rare).sentence).not.toContain('Below');
  });

  it('names what its negative values are lowest on', () => {
    const lowest = [
      { value: -0.9, text: '14', tokenId: 1 },
      { value: -0.8, text: '30', tokenId: 2 },
    ];
    expect(read(firing(300, -0.3), GATED, { lowest }).sentence).toContain(
      'Its negative values are large as well, lowest on “14” and “30”.',
    );
    expect(read(firing(300, -0.3), GATED).sentence).toContain('large as well: see both ends.');
  });

  it('gives the same sentence in pieces, its tokens apart', () => {
    const { sentence, parts } = read(firing(50), GELU, { strongest: placed('.', '.', ' a') });
    expect(parts).toEqual([
      'Above 0.0977 at 5.00 % of tokens.',
      ' ',
      'Most strongly on ',
      {
        tokens: [
          { token: '.', tokenId: 7 },
          { token: ' a', tokenId: 7 },
        ],
      },
      '.',
    ]);
    expect(sentence).toBe('Above 0.0977 at 5.00 % of tokens. Most strongly on “.” and “·a”.');
  });

  it('shows every rule with what was measured, and holds for those it names', () => {
    const reading = read(firing(9));
    expect(reading.sentence).toBe('Above 0.0977 at 0.90 % of tokens: often a specific feature.');
    expect(reading.rules.filter(({ holds }) => holds)).toEqual([
      { rule: 'sparse: density < 1.00 %', measured: '0.90 % above 0.0977', holds: true },
    ]);
    expect(reading.rules).toHaveLength(9);
  });

  it('never says what a neuron detects', () => {
    for (const values of [firing(0, 0), firing(9), firing(500), firing(500, -0.9)]) {
      expect(read(values, GATED).sentence).not.toMatch(/detect|represent|fires for|means/i);
    }
  });
});
