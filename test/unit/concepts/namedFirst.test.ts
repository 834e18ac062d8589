import { expect, it } from 'vitest';
import { namedFirst } from '../../../src/core/concepts/namedFirst';

type Results = Exclude<Parameters<typeof namedFirst>[1], null>;

const FAMILY = {
  digits: 'spelling',
  capitals: 'spelling',
  quotes: 'enclosure',
  beginning: 'place',
} as const;

/** @param aurocs by concept, of the neurons that carry its name, in the order of their ids */
function tested(
  aurocs: Readonly<Record<string, readonly (readonly [id: string, auroc: number])[]>>,
): Results {
  const names = Object.entries(aurocs).flatMap(([concept, neurons]) =>
    neurons.map(([id, auroc]) => [id, { concept, auroc, ap: 0.9 }] as const),
  );
  const concepts = Object.entries(FAMILY).map(([name, family]) => ({ name, family }));
  return { names: Object.fromEntries(names), concepts: concepts as unknown as Results['concepts'] };
}

const rows = Array.from({ length: 8 }, (_, neuron) => ({ id: `L0.N${neuron}` }));
const order = (results: Results | null) => namedFirst(rows, results).map(({ id }) => id.slice(4));

it('takes the families in turn, the surest of each concept first, and leaves places to the end', () => {
  const results = tested({
    digits: [
      ['L0.N1', 0.9],
      ['L0.N2', 0.99],
    ],
    capitals: [['L0.N3', 0.97]],
    // Low values go with it: as sure as 0.98.
    quotes: [['L0.N4', 0.02]],
    beginning: [['L0.N5', 1]],
  });
  expect(order(results)).toEqual(['2', '4', '3', '5', '1', '0', '6', '7']);
});

it('leaves a list without names as it is', () => {
  expect(namedFirst(rows, tested({}))).toEqual(rows);
  expect(namedFirst(rows, null)).toEqual(rows);
});
