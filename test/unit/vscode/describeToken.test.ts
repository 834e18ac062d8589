import { describe, expect, it, vi } from 'vitest';
import type { Range } from 'vscode';
import { describeToken } from '../../../src/vscode/hover/describeToken';
import type { ConceptResults } from '../../../src/core/concepts/conceptResults';
import type { StrongToken } from '../../../src/core/stats/strongestTokens';
import type { ProfileEntry } from '../../../src/vscode/profiles/profileEntry';

const { vscode } = await vi.hoisted(async () => (await import('./fakeEditor')).fakeEditor());
vi.mock('vscode', () => vscode);

const places: unknown = { start: { line: 3, character: 4 }, end: { line: 3, character: 9 } };
const range = places as Range;
const hovered = (text: string) => ({ text, range, line: `the ${text} left](command:evil)`.repeat(100) });
const NONE = new Map<string, readonly StrongToken[]>();
const entry = { folder: '/p', name: 'docs' } as ProfileEntry;
const answer = {
  token: { start: 4, end: 9, id: 17, number: 3, of: 9, leftOut: null },
  background: 1240,
  chosen: { id: 'L3.N652', value: 5.21, percentile: 99.92 },
  strongest: [{ id: 'L5.N90', value: 1.5, percentile: 98 }],
};

/** What CommonMark makes of the code span that the hover begins with: its content, and the text behind it. */
function chipOf(text: string): { code: string; rest: string } {
  const { value } = describeToken(answer, hovered(text), entry, null, NONE);
  const [, fence = ''] = /^(`+)[^`]/.exec(value) ?? [];
  const closing = new RegExp(`[^\`](${fence})(?!\`)`).exec(value.slice(fence.length));
  expect(closing, value).not.toBeNull();
  const end = fence.length + closing!.index + 1;
  const code = value.slice(fence.length, end);
  const isPadded = code.startsWith(' ') && code.endsWith(' ');
  return { code: isPadded ? code.slice(1, -1) : code, rest: value.slice(end + fence.length) };
}

describe('the text of a hover', () => {
  it.each([
    ['a word', ' ferry', '·ferry'],
    ['white space', '\t a\n', '⇥·a⏎'],
    ['line ends of every kind', 'a\r\nb\r\rc\u2028', 'a⏎b␍␍c‹U+2028›'],
    ['backticks', 'a``b`', 'a``b`'],
    ['a backtick', '`', '`'],
    ['code that would close its own span', '`[x](command:workbench.action.quit)', '`[x](command:workbench.a'],
  ])('holds the token as code, whatever it is: %s', (_, text, shown) => {
    const { code, rest } = chipOf(text);
    expect(code).toBe(shown);
    expect(rest).toMatch(/^ id 17 · line 4, columns 5–9 · token 3 of 9\n/);
  });

  it('says why a token has no values', () => {
    const token = { ...answer.token, leftOut: 'firstPosition' as const };
    const { value } = describeToken(
      { ...answer, token, chosen: null, strongest: [] },
      hovered('a'),
      entry,
      null,
      NONE,
    );
    expect(value).toContain('Left out of the profile: it is at the first position of its window');
  });

  it('names the chosen neuron, the strongest ones, and runs no other command than ours', () => {
    const markdown = describeToken(answer, hovered('ferry'), entry, null, NONE);
    expect(markdown.value).toContain('**L3.N652** is **5.21** here: percentile 99.92 of 1,240 tokens');
    expect(markdown.value).toMatch(
      /\| \[L5\.N90\]\(command:neuronLens\.openNeuron\?[^)]+\) \| 1\.50 \| 98 \|/,
    );
    expect(markdown.isTrusted).toEqual({
      enabledCommands: ['openNeuron', 'ablate', 'pinNeuron', 'chooseNeuron', 'turnHoversOff'].map(
        (name) => `neuronLens.${name}`,
      ),
    });
  });

  it('hands the line to an ablation, as far as a link can hold', () => {
    const { value } = describeToken(answer, hovered('ferry'), entry, null, NONE);
    const [, handed = ''] =
      /\[Ablate on this line\]\(command:neuronLens\.ablate\?([^)]+)\)/.exec(value) ?? [];
    const [target] = [JSON.parse(decodeURIComponent(decodeURIComponent(handed)))].flat() as {
      id: string;
      text: string;
    }[];
    expect(target).toMatchObject({
      id: 'L3.N652',
      profile: '/p',
      text: hovered('ferry').line.slice(0, 1000),
    });
    expect(value).not.toContain('(command:evil)');
  });

  it('says what neurons are likely about where concepts were tested, as text', () => {
    const concept = 'a [x](command:workbench.action.quit) | b';
    const names = { 'L5.N90': { concept, auroc: 0.9, ap: 0.7 } };
    const { value } = describeToken(
      answer,
      hovered('ferry'),
      entry,
      { names } as unknown as ConceptResults,
      NONE,
    );
    expect(value).toContain('Likely meaning |');
    expect(value).toMatch(/\) \| a \\\[x\\\]\S+ \\\| b \| 1\.50 \| 98 \|/);
  });

  it('says what they answer to most where they have no name, as text', () => {
    const strongest = { tokenId: 7, share: 0.5, count: 3 };
    const tokens = new Map([
      ['L5.N90', ['[x](command:evil)', ' | b'].map((token) => ({ ...strongest, token }))],
    ]);
    const bare = describeToken(answer, hovered('ferry'), entry, null, tokens).value;
    expect(bare).toContain('Strongest tokens |');
    expect(bare).toMatch(/\) \| \\\[x\\\]\S+ ·\\\|·b \| 1\.50 \| 98 \|/);
    const names = { 'L5.N90': { concept: 'digits', auroc: 0.9, ap: 0.7 } };
    const named = { names } as unknown as ConceptResults;
    expect(describeToken(answer, hovered('ferry'), entry, named, tokens).value).toContain('| digits | 1.50');
    const unnamed = { names: {} } as unknown as ConceptResults;
    expect(describeToken(answer, hovered('ferry'), entry, unnamed, tokens).value).toContain('·\\|·b | 1.50');
  });
});
