import { describe, expect, it } from 'vitest';
import type { ConceptNeuron, ConceptResult, ConceptResults } from '../../../src/core/concepts/conceptResults';
import {
  fewWords,
  likelyMeaning,
  meaningOf,
  nameAndTokens,
  nameRules,
  nameText,
} from '../../../src/core/concepts/neuronMeaning';
import { conceptRows } from '../../../webview/neuron/concepts/conceptRows';

const figures = { low: 0.1, high: 0.9, precisionTop1: 0.5, threshold: 1, precision: 0.5, recall: 0.5 };

function neuron(id: string, auroc: number, more: Partial<ConceptNeuron> = {}): ConceptNeuron {
  const measured = { ...figures, auroc, ap: 0.6, meanDifference: 1, selectivity: 0.25, q: 0.01 };
  return { id, ...measured, named: false, under: null, ...more };
}

function concept(
  name: string,
  neurons: readonly ConceptNeuron[],
  refused: string | null = null,
): ConceptResult {
  const counts = { positives: { a: 100, b: 90 }, documents: { a: 12, b: 11 }, share: 0.01, split: 0 };
  const rest = { chanceMaximum: null, control: null, agreement: [], many: null };
  return { name, family: 'spelling', source: 'text', refused, ...counts, ...rest, neurons };
}

const results: ConceptResults = {
  ...{ version: 1, created: '2026-11-22T21:40:00Z', quantity: 'act', abandoned: 0 },
  halves: { tokens: { a: 1, b: 1 }, documents: { a: 1, b: 1 }, cut: false },
  concepts: [
    concept('digits', [neuron('L0.N1', 0.9, { named: true, under: 'money' }), neuron('L0.N2', 0.7)]),
    concept('money', [neuron('L0.N1', 0.85, { named: true }), neuron('L0.N3', 0.02, { named: true })]),
    concept('tables', [], 'no token of the corpus carries it'),
    concept('nouns', [neuron('L0.N1', 0.1)]),
  ],
  named: { neurons: 2, of: 10 },
  names: {
    'L0.N1': { concept: 'money', auroc: 0.85, ap: 0.6 },
    'L0.N3': { concept: 'money', auroc: 0.02, ap: 0.6 },
  },
};

describe('what concepts say of a neuron', () => {
  it('is its name, and the figures of the concepts that it was chosen for, the strongest first', () => {
    const meaning = meaningOf(results, 'L0.N1');
    expect(meaning.conceptTests).toEqual({ tested: 3, refused: 1 });
    expect(meaning.name?.concept).toBe('money');
    expect(meaning.concepts.map(({ name }) => name)).toEqual(['digits', 'nouns', 'money']);
    expect(conceptRows(meaning).map(({ row, isName, isNested }) => [row.name, isName, isNested])).toEqual([
      ['money', true, false],
      ['digits', false, true],
      ['nouns', false, false],
    ]);
  });

  it('is one line everywhere: the name with its sign, no name, or nothing where none were tested', () => {
    expect(likelyMeaning(results, 'L0.N1')).toBe('money');
    expect(likelyMeaning(results, 'L0.N3')).toBe('money (low values)');
    expect(likelyMeaning(results, 'L0.N2')).toBe('no concept above 0.8');
    expect(likelyMeaning(results, 'constructor')).toBe('no concept above 0.8');
    expect(likelyMeaning(null, 'L0.N1')).toBeNull();
  });

  it('has its strongest tokens where it has no name, and beside it where there is room', () => {
    const tokens = [
      { token: ' a', tokenId: 1 },
      { token: '.', tokenId: 2 },
    ];
    expect(fewWords(results, 'L0.N1', tokens)).toBe('money');
    expect(fewWords(results, 'L0.N2', tokens)).toBe('·a .');
    expect(fewWords(results, 'L0.N2', [])).toBe('no concept above 0.8');
    expect(fewWords(null, 'L0.N2', tokens)).toBe('·a .');
    expect(fewWords(null, 'L0.N2', [])).toBeNull();
    expect(nameAndTokens(results, 'L0.N1', tokens)).toEqual(['money', '·a .']);
    expect(nameAndTokens(results, 'L0.N2', tokens)).toEqual(['·a .']);
    expect(nameAndTokens(results, 'L0.N2', [])).toEqual(['no concept above 0.8']);
    expect(nameAndTokens(null, 'L0.N2', [])).toEqual([]);
    expect(nameText(results.names['L0.N1']!)).toBe('money (AUROC 0.850, AP 0.60)');
  });

  it('says with the figures of the name, else of the best concept, how it was decided', () => {
    const [named] = nameRules(meaningOf(results, 'L0.N1'));
    expect(named).toMatchObject({
      holds: true,
      measured: expect.stringMatching(/^money: AUROC 0\.850/) as string,
    });
    const [unnamed] = nameRules(meaningOf(results, 'L0.N2'));
    expect(unnamed).toMatchObject({
      holds: false,
      measured: expect.stringMatching(/^digits: AUROC 0\.700/) as string,
    });
    const [unmeasured] = nameRules(meaningOf(results, 'L0.N9'));
    expect(unmeasured?.measured).toBe('among the best of none of 3 concepts');
    expect(nameRules(meaningOf(null, 'L0.N1'))).toEqual([]);
  });
});
