import { describe, expect, it, vi } from 'vitest';
import { LensError } from '../../../src/core/common/errors';
import { formatNeuron, type NeuronAddress } from '../../../src/core/common/neuronAddress';
import type { OpenedProfile } from '../../../src/runtime/profiles/openProfileFolder';
import { NeuronTokens } from '../../../src/vscode/profiles/neuronTokens';

const strong = (token: string) => [{ token, tokenId: 7, share: 0.5, count: 3 }];
const site = { part: 'model', layer: 3, block: null, expert: null, dFf: 768 };

function opened() {
  const manifest = { created: 'once', corpus: { tokens: 100 } };
  const strongestTokens = vi.fn((addresses: readonly NeuronAddress[]) =>
    Promise.resolve(addresses.map((address) => strong(formatNeuron(address)))),
  );
  const warned: string[] = [];
  const reader = vi.fn((folder: string) =>
    folder === '/gone'
      ? Promise.reject(new LensError('invalid-profile', 'It is damaged.'))
      : Promise.resolve({ manifest, tables: [{ site }], strongestTokens } as unknown as OpenedProfile),
  );
  const tokens = new NeuronTokens({ reader }, { warn: (text) => void warned.push(text) });
  return { tokens, manifest, strongestTokens, warned };
}

describe('the strongest tokens of neurons in lists', () => {
  it('are read once, and again when the profile has grown', async () => {
    const { tokens, manifest, strongestTokens } = opened();
    expect(tokens.known('/p', 'L3.N1')).toEqual([]);
    expect(await tokens.learn('/p', ['L3.N1', 'L3.N2'])).toBe(true);
    expect(await tokens.learn('/p', ['L3.N1'])).toBe(false);
    expect(tokens.known('/p', 'L3.N1')).toEqual(strong('L3.N1'));
    expect([...(await tokens.of('/p', ['L3.N2', 'L3.N5']))]).toEqual([
      ['L3.N2', strong('L3.N2')],
      ['L3.N5', strong('L3.N5')],
    ]);
    const asked = () => strongestTokens.mock.calls.map(([addresses]) => addresses.map(formatNeuron));
    expect(asked()).toEqual([['L3.N1', 'L3.N2'], [], ['L3.N5']]);
    manifest.corpus.tokens = 200;
    await tokens.of('/p', ['L3.N1']);
    expect(asked().at(-1)).toEqual(['L3.N1']);
  });

  it('leave out what is no neuron of the profile, and a profile that cannot be read', async () => {
    const { tokens, warned } = opened();
    const asked = ['L3.N767', 'L3.N768', 'L9.N1', 'nothing'];
    expect([...(await tokens.of('/p', asked)).keys()]).toEqual(['L3.N767']);
    expect(warned).toEqual([]);
    expect(await tokens.of('/gone', ['L3.N1'])).toEqual(new Map());
    expect(await tokens.learn('/gone', ['L3.N1'])).toBe(false);
    expect(warned[0]).toContain('It is damaged.');
  });
});
