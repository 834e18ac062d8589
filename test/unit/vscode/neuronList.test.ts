import { describe, expect, it, vi } from 'vitest';
import type { NeuronRow, Profile } from '../../../src/core/profile/openProfile';
import {
  allNeurons,
  listedFigure,
  listKey,
  listLabel,
  neuronAfter,
  setListKey,
} from '../../../src/vscode/profiles/neuronList';
import { FakeMemento } from './fakeEditor';

const FILE = { bytes: 1, sha256: '', checked: 1, xxh32: 1 };
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
  expect(listKey(memory, without)).toBe('topShare');
  await setListKey(memory, 'kurtosis');
  expect([listKey(memory, without), listKey(memory, kept)]).toEqual(['kurtosis', 'kurtosis']);
  await setListKey(memory, 'cosine');
  expect([listKey(memory, without), listKey(memory, kept)]).toEqual(['topShare', 'cosine']);
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

it('lists all neurons, of one layer where one is asked for', async () => {
  const neurons = vi.fn();
  const profile = { neurons } as unknown as Profile;
  const all = { sort: 'max', offset: 0, limit: Number.MAX_SAFE_INTEGER };
  await allNeurons(profile, 'max');
  await allNeurons(profile, 'max', 0);
  expect(neurons.mock.calls).toEqual([[all], [{ ...all, layer: 0 }]]);
});
