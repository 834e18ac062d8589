import { expect, it } from 'vitest';
import type { ConceptNeuron, ConceptResult, ConceptResults } from '../../../src/core/concepts/conceptResults';
import { readConceptsFile } from '../../../src/core/concepts/own/conceptsFile';
import { conceptLines } from '../../../src/vscode/views/conceptLines';
import { withUntested } from '../../../src/vscode/views/ownConceptLines';

const neuron = { id: 'L3.N652', auroc: 0.9814, low: 0.97, high: 0.99, ap: 0.84 } as ConceptNeuron;

function concept(name: string, more: Partial<ConceptResult>): ConceptResult {
  const counts = { positives: { a: 2104, b: 2087 }, documents: { a: 96, b: 91 }, share: 0.1, split: 0 };
  const rest = { chanceMaximum: null, control: null, agreement: [], many: null, neurons: [neuron] };
  return { name, family: 'enclosure', source: 'text', refused: null, ...counts, ...rest, ...more };
}

it('lists concepts by family, the own ones first, with the best neuron or why there is none', () => {
  const results: Pick<ConceptResults, 'concepts' | 'names'> = {
    concepts: [
      concept('URLs', { refused: 'positives in 8 and 6 documents of the two halves, 10 are needed in each' }),
      concept('inside quotation marks', {}),
      concept('dates', {}),
      concept('durations', { family: 'own', source: 'regex', pattern: '\\d+ (seconds|minutes)' }),
    ],
    names: { 'L3.N652': { concept: 'inside quotation marks', auroc: 0.98, ap: 0.84 } },
  };
  const families = conceptLines(results);
  expect(families.map(({ label, description }) => `${label}: ${description}`)).toEqual([
    'Your own: 1 concept, 0 with a named neuron',
    'Enclosure: 3 concepts, 1 with a named neuron',
  ]);
  expect(families[1]!.concepts.map(({ label, description }) => [label, description])).toEqual([
    ['inside quotation marks', 'best L3.N652 · 0.981'],
    ['dates', 'best L3.N652 · no honest name · 0.981'],
    ['URLs', 'refused: positives in 8 and 6 documents of the two halves, 10 are needed in each'],
  ]);
  expect(families[0]!.concepts[0]!.tooltip).toContain('\\d+ (seconds|minutes)');
});

it('lists what concepts.json has beyond the tested ones, and what is wrong in it, each with its line', () => {
  const own = { family: 'own', source: 'words', pattern: 'not' } as const;
  const families = conceptLines({ concepts: [concept('neg', own), concept('dates', {})], names: {} });
  expect(withUntested(families, null)).toEqual(families);
  const file = readConceptsFile(
    '{"version":1,"concepts":{\n"neg":{"words":["not"]},\n"years":{"regex":"\\\\d{4}"},\n"open":{"regex":"("}}}',
  );
  const [first, ...others] = withUntested(families, file);
  expect(others).toEqual(families.slice(1));
  expect(first!.description).toBe('1 concept, 0 with a named neuron · 1 not tested yet');
  expect(first!.concepts.map(({ label, description, state }) => [label, description, state])).toEqual([
    ['concepts.json', expect.stringMatching(/^line 4: the expression of "open"/), { kind: 'fault', line: 4 }],
    ['years', 'not tested yet', { kind: 'untested', line: 3 }],
    ['neg', 'best L3.N652 · no honest name · 0.981', { kind: 'tested', own: true }],
  ]);
  expect(withUntested([], file).map(({ label }) => label)).toEqual(['Your own']);
});
