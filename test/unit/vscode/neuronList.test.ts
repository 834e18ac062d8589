import { describe, expect, it } from 'vitest';
import { neuronAfter } from '../../../src/vscode/profiles/neuronList';

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
