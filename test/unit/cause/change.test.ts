import { describe, expect, it } from 'vitest';
import {
  formatPositions,
  formatSetting,
  parseNeuronSetting,
  parsePositions,
  type Setting,
} from '../../../src/core/cause/change';
import { formatNeuron, parseNeuron } from '../../../src/core/common/neuronAddress';

const SIZES = [0, 1, -1.5, 5e-7, -3e-12, 1e21, 123456.75];
const folder = '/profiles/a=b *2 +1q:odd';

const SETTINGS: readonly Setting[] = [
  ...SIZES.flatMap((number): Setting[] => [
    { kind: 'value', number, quantileOf: null },
    { kind: 'value', number, quantileOf: folder },
    { kind: 'amount', number, quantileOf: null },
    { kind: 'amount', number, quantileOf: folder },
    { kind: 'factor', number },
    { kind: 'clamp', low: number, high: number + 1e22 },
  ]),
  { kind: 'mean', profile: folder },
  { kind: 'resample', profile: 'C:\\profiles\\mine' },
];

describe('what becomes of a neuron', () => {
  it.each(['L3.N652', 'enc:L0a.N1', 'dec:L2.E5.N7'])('is read as it was written, for %s', (id) => {
    const address = parseNeuron(id)!;
    for (const setting of SETTINGS) {
      const text = `${formatNeuron(address)}${formatSetting(setting)}`;
      expect(parseNeuronSetting(text), text).toEqual({ address, setting });
    }
  });

  it('is changed at tokens that are read as they were written', () => {
    for (const positions of ['all', 'last', { from: 0 }, { from: 12 }, [0, 3, 7]] as const) {
      expect(parsePositions(formatPositions(positions))).toEqual(positions);
    }
  });
});
