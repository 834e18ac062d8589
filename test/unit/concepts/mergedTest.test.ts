import { describe, expect, it } from 'vitest';
import type { ConceptFindings } from '../../../src/core/concepts/conceptReport';
import type { ConceptResult, ConceptResults } from '../../../src/core/concepts/conceptResults';
import { nameNeurons, type MeasuredResult } from '../../../src/core/concepts/conceptNames';
import { controlOf } from '../../../src/core/concepts/controls/conceptControl';
import { controlsAfter, mergeTests, settingsToAdd } from '../../../src/core/concepts/mergedTest';
import { randomOf } from '../../../src/core/common/random';
import { sampleConcept } from '../../webview/conceptMessages';

const random = randomOf('merged tests');
const NAMES = ['digits', 'numbers', 'commas', 'verbs'];

/** A concept with twenty neurons, some of which go with it. */
function concept(name: string): MeasuredResult {
  const [like] = sampleConcept.neurons;
  return {
    ...sampleConcept,
    name,
    neurons: Array.from({ length: 20 }, (_, at) => {
      const auroc = 0.75 + 0.25 * random();
      return {
        ...like!,
        ...{
          id: `L0.N${at}`,
          auroc,
          ap: 0.3 + 0.7 * random(),
          selectivity: 0.15 + 0.4 * random(),
          precision: random(),
        },
        ...{ p: 10 ** (-6 * random()), onA: { auroc, ap: 0.5, precisionTop1: 0.5 } },
      };
    }),
  };
}

/** Digits are numbers; all else has nothing in common. */
const shared = (one: string, other: string): number => {
  const tokens: Record<string, number> = { digits: 90, numbers: 120, commas: 50, verbs: 70 };
  if (one === other) return tokens[one] ?? 0;
  return [one, other].sort().join() === 'digits,numbers' ? 90 : 0;
};

function test(concepts: readonly MeasuredResult[], created: string): ConceptFindings {
  const named = nameNeurons(concepts, false, shared);
  const results: ConceptResults = {
    ...{ version: 1, created, quantity: 'act', abandoned: 0, seconds: created === 'first' ? 60 : 9 },
    settings: { neurons: 10, layers: null, strict: false },
    halves: { tokens: { a: 9, b: 9 }, documents: { a: 3, b: 3 }, cut: false, room: 80 },
    ...named,
    named: { neurons: Object.keys(named.names).length, of: 3072 },
  };
  const evidence = new Map(concepts.map(({ name }) => [name, [{ id: `${name} of ${created}` } as never]]));
  return { results, evidence, shared };
}

const refused = ({ name }: Pick<ConceptResult, 'name'>): ConceptResult => ({
  ...{ ...sampleConcept, name, neurons: [], refused: 'the run was stopped before it was measured' },
});

/** What a run over all labels gives that measured these alone. */
function measuring(names: readonly string[], concepts: readonly MeasuredResult[]): ConceptFindings {
  const found = test(
    concepts.filter(({ name }) => names.includes(name)),
    'second',
  );
  const all = concepts.map(
    (one) => found.results.concepts.find(({ name }) => name === one.name) ?? refused(one),
  );
  return { ...found, results: { ...found.results, concepts: all } };
}

describe('a test with some concepts tested anew', () => {
  const before = NAMES.slice(0, 3).map(concept);
  const anew = ['numbers', 'verbs'].map(concept);
  const all = [before[0]!, anew[0]!, before[2]!, anew[1]!];
  const earlier = test(before, 'first');
  const merged = mergeTests(earlier, measuring(['numbers', 'verbs'], all), new Set(['numbers', 'verbs']));

  it('has the q, the names and what is nested of one test of all of them', () => {
    const whole = test(all, 'second').results;
    expect(merged.results.concepts).toEqual(whole.concepts);
    expect(merged.results.names).toEqual(whole.names);
    expect(merged.results.named).toEqual(whole.named);
    // The same p have other q beside others, and there is something to name and to nest.
    const q = ({ concepts }: ConceptResults) => concepts[0]!.neurons.map((neuron) => neuron.q);
    expect(q(merged.results)).not.toEqual(q(earlier.results));
    expect(Object.keys(whole.names).length).toBeGreaterThan(1);
    expect(whole.concepts.flatMap(({ neurons }) => neurons).some(({ under }) => under !== null)).toBe(true);
  });

  it('keeps the evidence of the others, how long all took, and concepts whose labels are not at hand', () => {
    expect([...merged.evidence.values()].flat().map(({ id }) => id)).toEqual([
      ...['digits of first', 'numbers of second', 'commas of first', 'verbs of second'],
    ]);
    expect(merged.results).toMatchObject({ created: 'second', seconds: 60 });
    const without = measuring(['verbs'], [before[0]!, anew[1]!]);
    const { results } = mergeTests(earlier, without, new Set(['verbs']));
    expect(results.concepts.map(({ name }) => name)).toEqual(['digits', 'verbs', 'numbers', 'commas']);
    expect(results.concepts[2]!.neurons).toHaveLength(20);
  });

  it('is refused where the halves are others, or the earlier test does not keep what it takes', () => {
    const { results } = earlier;
    const other = { ...results, halves: { ...results.halves, tokens: { a: 9, b: 8 } } };
    const found = measuring(['verbs'], all);
    expect(() => mergeTests({ ...earlier, results: other }, found, new Set(['verbs']))).toThrow(
      'halved its texts otherwise',
    );
    expect(settingsToAdd(earlier)).toEqual({ neurons: 10, layers: null, strict: false, room: 80 });
    const { p: _, ...unknown } = results.concepts[0]!.neurons[0]!;
    const old = { ...results.concepts[0]!, neurons: [unknown] };
    expect(() => settingsToAdd({ ...earlier, results: { ...results, concepts: [old] } })).toThrow(
      'one of an earlier version',
    );
  });

  it('keeps of its controls what they made of the concepts that stayed', () => {
    const control = controlOf('shuffled', earlier.results, test(before, 'control').results);
    const [after] = controlsAfter([control], merged.results, new Set(['numbers', 'verbs']));
    expect(after).toMatchObject({ control: 'shuffled', test: 'second', named: control.named });
    expect(after!.concepts.map(({ name, refused }) => [name, refused])).toEqual([
      ['digits', null],
      ['numbers', 'it was tested after this control'],
      ['commas', null],
      ['verbs', 'it was tested after this control'],
    ]);
  });
});
