import { describe, expect, it } from 'vitest';
import { FIRST_CORPUS } from '../../../src/protocol/pages/steer';
import { conceptToldApart, corpusQuestionOf, costWords } from '../../../webview/steer/corpus/corpusQuestion';
import { FIRST_SETUP } from '../../../webview/steer/setup/question';

const subject = { profile: { id: '/p', name: 'docs' }, layers: null };
const setup = { ...FIRST_SETUP, neurons: ['L0.N1'] };
const background = {
  ...{ tokens: 900, files: 3, tokensPerSecond: 450 },
  ...{ concepts: ['digits', 'quotes', 'verbs'], own: 1 },
};

describe('what is asked over the corpus', () => {
  it('needs no prompt and no places, and is refused for what it needs', () => {
    const asked = { ...setup, place: 'chosen' as const, chosen: [] };
    expect(corpusQuestionOf(asked, subject, FIRST_CORPUS, background)).toEqual({
      ...{ changes: ['L0.N1=mean:/p'], controls: 20, seed: 1, limitTokens: 2000, concept: 'digits' },
    });
    const refused = (part: Partial<typeof setup>, tokens = '2000') =>
      corpusQuestionOf({ ...setup, ...part }, subject, { ...FIRST_CORPUS, tokens }, background);
    expect(refused({ neurons: [] })).toEqual({ refusal: expect.stringContaining('No neuron') as string });
    expect(refused({ controls: 'x' })).toEqual({ refusal: expect.stringContaining('controls') as string });
    for (const tokens of ['0', '1.5', '', '2000000'])
      expect(refused({}, tokens)).toEqual({
        refusal: expect.stringContaining('from 1 to 1000000') as string,
      });
  });

  it.each([
    [null, 1, 'digits'],
    [null, 0, null],
    ['', 1, null],
    ['verbs', 1, 'verbs'],
    ['tested no more', 1, 'digits'],
    ['tested no more', 0, null],
  ])('tells a concept apart: %j of %i own names is %j', (concept, own, chosen) => {
    expect(conceptToldApart({ ...FIRST_CORPUS, concept }, { ...background, own })).toBe(chosen);
  });

  it('costs what the corpus has, at most', () => {
    const question = { changes: [], controls: 5, seed: 1, limitTokens: 2000, concept: null };
    expect(costWords(question, background)).toBe(
      '900 tokens of 3 files of the profile, each run 9 times: about 18 s at its speed.',
    );
    expect(costWords(question, { ...background, files: 1, tokensPerSecond: 0 })).toBe(
      '900 tokens of the file of the profile, each run 9 times.',
    );
  });
});
