import { describe, expect, it, vi } from 'vitest';
import type { ConceptResults } from '../../../src/core/concepts/conceptResults';
import type { NeuronRow, Profile } from '../../../src/core/profile/openProfile';
import {
  firstNeurons,
  listedFigure,
  listKey,
  listLabel,
  neuronAfter,
  setListKey,
} from '../../../src/vscode/profiles/neuronList';
import { FakeMemento } from './fakeEditor';

const FILE = { bytes: 1, sha256: '', checked: 1, xxh32: 1 };
/** What a test of concepts gave: one neuron carries a name. */
const TESTED = {
  names: { 'L0.N9': { concept: 'digits', auroc: 0.99, ap: 0.9 } },
  concepts: [{ name: 'digits', family: 'spelling' }],
} as unknown as ConceptResults;
const rows = ['L0.N5', 'L0.N2', 'L0.N9', 'L0.N7'].map((id) => ({ id, dead: id === 'L0.N7' }));

describe('a step from a neuron', () => {
  it('follows the order of the list, and goes round at its ends', () => {
    expect(neuronAfter(rows, 'L0.N2', 'next', 0)).toBe('L0.N9');
    expect(neuronAfter(rows, 'L0.N2', 'previous', 0)).toBe('L0.N5');
    expect(neuronAfter(rows, 'L0.N7', 'next', 0)).toBe('L0.N5');
    expect(neuronAfter(rows, 'L0.N5', 'previous', 0)).toBe('L0.N7');
  });

  it('at random leads to each neuron that is not dead, and to no other', () => {
    const drawn = Array.from({ length: 30 }, (_, draw) => neuronAfter(rows, 'L0.N2', 'random', draw / 30));
    expect(new Set(drawn)).toEqual(new Set(['L0.N5', 'L0.N2', 'L0.N9']));
  });

  it('leads nowhere in an empty list', () => {
    expect(neuronAfter([], 'L0.N2', 'next', 0)).toBeNull();
    expect(neuronAfter([], 'L0.N2', 'random', 0.5)).toBeNull();
  });
});

it('sorts by what was chosen last, by weights only where they are kept with the profile', async () => {
  const memory = new FakeMemento();
  const [without, kept] = [{ files: {} }, { files: { 'annexes/weights-0000/weights.arrow': FILE } }];
  expect(listKey(memory, without, null)).toBe('topShare');
  expect(listKey(memory, without, TESTED)).toBe('name');
  await setListKey(memory, 'kurtosis');
  expect([listKey(memory, without, TESTED), listKey(memory, kept, null)]).toEqual(['kurtosis', 'kurtosis']);
  await setListKey(memory, 'cosine');
  expect([listKey(memory, without, TESTED), listKey(memory, kept, null)]).toEqual(['topShare', 'cosine']);
  expect([listLabel('max'), listLabel('outNorm')]).toEqual(['Maximum', '‖w_out‖']);
});

it('shows of a neuron what the list is sorted by', () => {
  const weights = { outNorm: 2.345, inNorm: null };
  const row = { max: 4.5678, weights } as unknown as NeuronRow;
  expect([listedFigure('max', row), listedFigure('outNorm', row), listedFigure('inNorm', row)]).toEqual([
    '4.57',
    '2.35',
    '–',
  ]);
});

it('lists the first neurons, of one layer or site where one is asked for, by name where concepts were tested', async () => {
  const neurons = vi.fn().mockResolvedValue(rows);
  const profile = { neurons } as unknown as Profile;
  await firstNeurons(profile, null, { sort: 'max', limit: 2, layer: 0 });
  expect(neurons.mock.calls).toEqual([[{ sort: 'max', offset: 0, limit: 2, layer: 0 }]]);
  const named = await firstNeurons(profile, TESTED, { sort: 'name', limit: 2, site: 'L0' });
  expect(named.map(({ id }) => id)).toEqual(['L0.N9', 'L0.N5']);
});
