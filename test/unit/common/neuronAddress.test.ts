import { describe, expect, it } from 'vitest';
import { formatNeuron, parseNeuron } from '../../../src/core/common/neuronAddress';

describe('neuron addresses', () => {
  it.each(['L3.N652', 'enc:L0.N1', 'dec:L11b.E5.N7', 'L2.E0.N3'])('reads and writes %s', (text) => {
    const address = parseNeuron(text);
    expect(address && formatNeuron(address)).toBe(text);
  });

  it.each([
    ['3.652', 'L3.N652'],
    ['3/652', 'L3.N652'],
    [' l3.n652 ', 'L3.N652'],
  ])('understands %s as %s', (typed, meant) => {
    const address = parseNeuron(typed);
    expect(address && formatNeuron(address)).toBe(meant);
  });

  it.each(['', 'L3', 'N5', 'L3.N', 'L-1.N2', 'L3.N2x'])('refuses "%s"', (text) => {
    expect(parseNeuron(text)).toBeNull();
  });
});
