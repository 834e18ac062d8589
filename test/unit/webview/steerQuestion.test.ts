import { describe, expect, it } from 'vitest';
import { parseNeuronSetting, parsePositions } from '../../../src/core/cause/change';
import { OPERATIONS, type SteerSetup } from '../../../src/protocol/pages/steer';
import { firstDifference } from '../../../webview/steer/results/difference';
import {
  addressOf,
  FIRST_SETUP,
  hasDecoderText,
  numberIn,
  questionOf,
  withoutProfile,
} from '../../../webview/steer/setup/question';

const background = {
  profile: { id: '/profiles/a b=c', name: 'docs' },
  layers: [
    { site: 'L0', neurons: 4 },
    { site: 'L1', neurons: 8 },
  ],
};
const alone = { profile: null, layers: null };
const setup: SteerSetup = { ...FIRST_SETUP, prompt: 'The cat', neurons: ['L0.N1', 'L1.N7'] };

const ask = (part: Partial<SteerSetup>, given: typeof background | typeof alone = background) =>
  questionOf({ ...setup, ...part }, given);
const refusal = (part: Partial<SteerSetup>, given?: typeof alone): string => {
  const asked = ask(part, given);
  return 'refusal' in asked ? asked.refusal : '';
};

describe('what is set up', () => {
  it.each(OPERATIONS)('is asked for as the command line takes it: %s', (operation) => {
    const amounts = { amount: '-0.5', upper: '2e1' };
    for (const unit of ['own', 'quantile'] as const) {
      const asked = ask({ operation, unit, ...amounts });
      if ('refusal' in asked) throw new Error(asked.refusal);
      const settings = asked.changes.map((change) => parseNeuronSetting(change)!.setting);
      const inProfile = { mean: 'mean', resample: 'resample' } as const;
      const quantileOf = unit === 'quantile' ? background.profile.id : null;
      const expected = {
        ...{ mean: { kind: inProfile.mean, profile: background.profile.id } },
        ...{ resample: { kind: inProfile.resample, profile: background.profile.id } },
        ...{ zero: { kind: 'value', number: 0, quantileOf: null } },
        ...{ value: { kind: 'value', number: -0.5, quantileOf } },
        ...{ add: { kind: 'amount', number: -0.5, quantileOf } },
        ...{ scale: { kind: 'factor', number: -0.5 }, clamp: { kind: 'clamp', low: -0.5, high: 20 } },
      }[operation];
      expect(settings).toEqual([expected, expected]);
    }
  });

  it('says where: at all, from one on, the last, or those that are chosen', () => {
    const at = (part: Partial<SteerSetup>) => {
      const asked = ask(part);
      return 'refusal' in asked ? asked : parsePositions(asked.at);
    };
    expect(at({ place: 'all' })).toBe('all');
    expect(at({ place: 'last' })).toBe('last');
    expect(at({ place: 'from', from: ' 3 ' })).toEqual({ from: 3 });
    expect(at({ place: 'chosen', chosen: [7, 0, 3] })).toEqual([0, 3, 7]);
  });

  it('is refused with what is amiss, wherever that is', () => {
    expect(refusal({ prompt: '' })).toMatch(/prompt is empty/);
    expect(refusal({ neurons: [] })).toMatch(/No neuron/);
    expect(refusal({ operation: 'value', amount: '1e999' })).toMatch(/“1e999” is no number/);
    expect(refusal({ operation: 'add', amount: '' })).toMatch(/“” is no number/);
    expect(refusal({ operation: 'clamp', amount: '0', upper: 'x' })).toMatch(/upper bound/);
    expect(refusal({ place: 'chosen' })).toMatch(/No token is chosen/);
    expect(refusal({ place: 'from', from: '-1' })).toMatch(/whole number from 0 on/);
    expect(refusal({ controls: '2.5' })).toMatch(/from 0 to 200/);
    expect(refusal({ seed: 'seven' })).toMatch(/seed/);
    expect(refusal({ tokens: '201' })).toMatch(/from 0 to 200/);
    expect(refusal({ sampling: 'sampled', temperature: '0' })).toMatch(
      /temperature must be a number above 0/,
    );
    expect(refusal({ sampling: 'sampled', topP: '1.2' })).toMatch(/at most 1/);
    for (const part of [{}, { operation: 'resample' }, { operation: 'value', unit: 'quantile' }] as const) {
      expect(refusal(part, alone)).toMatch(/come from a profile/);
      expect(refusal(withoutProfile({ ...setup, ...part }), alone)).toBe('');
    }
  });

  it('asks for no continuation of no tokens, and for a decoder’s text where neurons have one', () => {
    expect(ask({ tokens: '0' })).toMatchObject({ generation: null });
    expect(ask({ temperature: 'x', topP: 'x' })).toMatchObject({ generation: { temperature: 0, topP: 1 } });
    expect(ask({})).not.toHaveProperty('decoderText');
    const ofDecoder = { neurons: ['dec:L0.N1'], decoderPrompt: 'Le chat' };
    expect(hasDecoderText({ ...setup, ...ofDecoder })).toBe(true);
    expect(ask(ofDecoder)).toMatchObject({ text: 'The cat', decoderText: 'Le chat' });
    expect(refusal({ ...ofDecoder, place: 'chosen', chosen: [1] })).toMatch(/tokens of its own text/);
    expect(ask({ neurons: ['enc:L0.N1'], place: 'chosen', chosen: [1] })).toMatchObject({ at: '1' });
  });
});

describe('an address that is typed', () => {
  it('is one of the profile’s, or of any model without one', () => {
    expect(addressOf(' 1/7 ', background)).toEqual({ id: 'L1.N7' });
    expect(addressOf('l1.n8', background)).toEqual({ refusal: 'There is no L1.N8: L1 has neurons 0 to 7.' });
    expect(addressOf('L2.N0', background)).toEqual({
      refusal: 'There is no L2.N0: the profile has the layers L0 to L1.',
    });
    expect(addressOf('enc:L99.N1', alone)).toEqual({ id: 'enc:L99.N1' });
    expect(addressOf('neuron 7', alone)).toMatchObject({
      refusal: expect.stringContaining('is no neuron') as string,
    });
  });

  it.each([
    ['1.5', 1.5],
    ['−2', -2],
    [' 1e-3 ', 0.001],
    ['', null],
    ['1,5', null],
    ['Infinity', null],
    ['NaN', null],
  ])('reads the number %j', (typed, number) => {
    expect(numberIn(typed)).toBe(number);
  });
});

describe('where two continuations part', () => {
  it.each([
    [' of the ferry', ' of the March', ' of the'],
    [' of the ferries', ' of the ferry', ' of the'],
    [' the same', ' the same', ' the same'],
    [' the same', ' the same and more', ' the same'],
    ['', ' more', ''],
    ['abc', 'abd', ''],
    ['one\ntwo', 'one\nthree', 'one'],
  ])('%j and %j have %j in common', (one, other, common) => {
    expect(one.slice(0, firstDifference(one, other))).toBe(common);
    expect(firstDifference(other, one)).toBe(firstDifference(one, other));
  });
});
