import { describe, expect, it } from 'vitest';
import type { ConceptNeuron } from '../../../src/core/concepts/conceptResults';
import { conceptMethod, conceptSummary, missedWords } from '../../../src/core/concepts/conceptSummary';
import { accuracyOf } from '../../../src/core/concepts/labels/labellerAccuracy';
import { refusedConcept, sampleConcept, unnamedConcept } from '../../webview/conceptMessages';

const [best, second] = sampleConcept.neurons as [ConceptNeuron, ConceptNeuron];
const own = { concept: sampleConcept.name, auroc: 0.98, ap: 0.84 };

describe('the summary of a concept', () => {
  it('says which neurons carry its name, and what their figures mean', () => {
    const { verdict, sentence, neuron } = conceptSummary(sampleConcept, { [best.id]: own, 'L5.N90': own });
    expect(verdict).toBe('Goes with L3.N652 and one more neuron.');
    expect(sentence).toContain('the higher value in 98.1 % of pairs');
    expect(sentence).toContain(
      "At 1.45 or more, 88.0 % of the tokens are of the concept, and 79.0 % of the concept's",
    );
    expect(neuron).toBe('L3.N652');
  });

  it('speaks of low values where those go with it', () => {
    const low = { ...best, auroc: 0.019, threshold: -1.45 };
    const { verdict, sentence } = conceptSummary({ ...sampleConcept, neurons: [low] }, { [best.id]: own });
    expect(verdict).toBe('Goes with low values of L3.N652.');
    expect(sentence).toContain('the lower value in 98.1 % of pairs');
    expect(sentence).toContain('At −1.45 or less');
  });

  it('tells a concept that another one explains better from one that no neuron goes with', () => {
    const names = { [best.id]: { concept: 'Number with unit', auroc: 0.95, ap: 0.77 } };
    expect(conceptSummary({ ...sampleConcept, neurons: [best] }, names)).toMatchObject({
      verdict: 'No neuron of its own.',
      sentence: expect.stringContaining('carries the name "Number with unit"') as string,
    });
    const { verdict, sentence } = conceptSummary(unnamedConcept, {});
    expect(verdict).toBe('No honest name.');
    expect(sentence).toContain('a name needs over 0.8 and 0.5');
    expect(sentence).toContain('16 neurons together reach 0.991.');
  });

  it('says that the control does as well only where nothing else is missing', () => {
    const close = { ...best, selectivity: 0.06, named: false };
    const told = (neuron: ConceptNeuron) =>
      conceptSummary({ ...sampleConcept, neurons: [neuron] }, {}).verdict;
    expect(told(close)).toBe('The control does nearly as well.');
    expect(told({ ...close, ap: 0.3 })).toBe('No honest name.');
  });

  it('gives the reason of a refusal, and speaks of chance only where there is little of it', () => {
    expect(conceptSummary(refusedConcept, {}).sentence).toBe(
      'There are no figures: 8 and 6 positives in the two halves, 50 are needed in each. With so few the best of all neurons would be best by chance.',
    );
    const stopped = { ...sampleConcept, neurons: [], refused: 'the run was stopped before it was measured' };
    expect(conceptSummary(stopped, {}).sentence).toBe(
      'There are no figures: the run was stopped before it was measured.',
    );
  });
});

it('names the bars that a neuron misses', () => {
  expect(missedWords(best)).toBe('');
  expect(missedWords({ ...second, ap: 0.41 })).toBe('AP under 0.5');
  expect(missedWords({ ...second, auroc: 0.7, ap: 0.41, q: 0.2 })).toBe('AUROC, AP, q');
});

it('says how a concept was decided, with its labeller and its stretches', () => {
  const run = {
    halves: { tokens: { a: 4000, b: 3900 }, documents: { a: 4, b: 3 }, cut: true, leftOut: 1200 },
  };
  const lines = conceptMethod(unnamedConcept, run, accuracyOf(unnamedConcept)).join('\n');
  expect(lines).toContain('4,000 tokens in 4 stretches of documents');
  expect(lines).toContain("the control's own winner, L0.N981 (0.661)");
  expect(lines).toContain('"SCONJ" with precision 0.87 and recall 0.61');
  expect(lines).toContain('1,200 tokens of further stretches of documents were left out');
  expect(lines).toContain('31 tokens are part of what was labelled');
  expect(conceptMethod(refusedConcept, run, null).join('\n')).not.toContain('winner');
});
