import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CorpusAblation } from '../../src/core/cause/corpusAnswer';
import { createHandlers } from '../../src/engine/handlers';
import { Scheduler } from '../../src/engine/scheduler';
import { openTokenizer } from '../../src/runtime/tokenizers/openTokenizer';
import { FIRST_SETUP, questionOf } from '../../webview/steer/setup/question';
import { lensJson, runLens, temporaryFolder } from './runLens';

const FILES = 24;
/** Of one text, where 15 and more share the limit. */
const WINDOW = 128;
const LIMIT = 6 * WINDOW;
const FIXTURES = 'test/fixtures/onnx';
let folder: string;
let texts: string[];

beforeAll(async () => {
  folder = await temporaryFolder();
  const words = (await readFile('sample/prose/cape-cod-chapter-1.txt', 'utf8')).split(/\s+/);
  texts = Array.from({ length: FILES }, (_, file) =>
    Array.from({ length: 110 }, (_, at) => (at % 9 === 4 ? String(file * at) : words[file * 150 + at]!)).join(
      ' ',
    ),
  );
  await mkdir(join(folder, 'texts'));
  for (const [file, text] of texts.entries()) {
    await writeFile(join(folder, 'texts', `${String(file).padStart(2, '0')}.txt`), text);
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('tells the loss on a tested concept’s tokens apart from the rest, as their texts say which they are', async () => {
  const profile = join(folder, 'profile');
  await lensJson(['profile', 'texts', '--out', profile], { cwd: folder });
  await lensJson(['concepts', profile, '--only', 'digits,commas,figures', '--regex', 'figures=\\d+']);
  const over = (concept: string): Promise<CorpusAblation> =>
    lensJson([
      ...['ablate', 'default', join(folder, 'texts'), '--set', 'L0.N251=0', '--controls', '2'],
      ...['--limit-tokens', String(LIMIT), '--profile', profile, '--concept', concept],
    ]);
  const { groups } = await over('digits');
  expect(groups.map(({ group }) => group)).toEqual(['all', 'topBand', 'rest', 'concept', 'withoutConcept']);
  const [all, , , concept, without] = groups;
  const tokenizer = await openTokenizer('media/embedded-model/tokenizer.json');
  let digits = 0;
  for (const text of texts.slice(0, LIMIT / WINDOW)) {
    const { starts, ends } = await tokenizer.tokenize(text);
    // Nothing predicts the first token of a window.
    for (let token = 1; token < WINDOW; token++) {
      digits += Number(/\d/.test(text.slice(starts[token], ends[token])));
    }
  }
  expect(concept!.tokens).toBe(digits);
  expect(concept!.tokens + without!.tokens).toBe(all!.tokens);
  const sum = concept!.change * concept!.tokens + without!.change * without!.tokens;
  expect(sum / all!.tokens).toBeCloseTo(all!.change, 9);
  expect(concept!.controls).toHaveLength(2);
  expect(concept!.low!).toBeLessThan(concept!.high!);
  // A concept of the user's own is laid as it was tested.
  expect((await over('figures')).groups).toEqual(groups);

  const refused = await runLens([
    'ablate',
    'default',
    'sample',
    '--set',
    'L0.N1=0',
    '--profile',
    profile,
    '--concept',
    'brackets',
  ]);
  expect([refused.status, refused.stderr]).toEqual([
    1,
    expect.stringMatching(/“brackets” was not tested on .* There are: “figures”, “digits”, “commas”\./),
  ]);
});

describe('what cannot be done', () => {
  const text = ['--text', 'The cat sat'];
  const neuron = ['--set', 'L0.N1=0', '--controls', '0'];
  it.each<[string, string[], number, RegExp]>([
    ['an empty prompt', ['ablate', 'default', '--text', '', ...neuron], 2, /no token in the text/],
    [
      'a long prompt',
      ['ablate', 'default', '--text', 'word '.repeat(600), ...neuron],
      2,
      /has 60\d tokens, and default takes 256/,
    ],
    [
      'no room',
      ['ablate', 'default', '--text', 'word'.repeat(256), ...neuron, '--generate', '3'],
      2,
      /fills the 256 tokens/,
    ],
    [
      'too long a continuation',
      ['ablate', 'default', ...text, ...neuron, '--generate', '500'],
      2,
      /200 tokens at most/,
    ],
    [
      'no next token',
      ['ablate', `${FIXTURES}/bert-optimum`, ...text, ...neuron, '--generate', '3'],
      1,
      /does not predict the next token/,
    ],
    ['no head', ['effect', `${FIXTURES}/bert-optimum`, 'L0.N1'], 1, /no head over its vocabulary/],
    [
      'no mask',
      ['ablate', `${FIXTURES}/roberta-ext`, ...text, ...neuron],
      2,
      /predicts masked tokens, and the text has none/,
    ],
    ['no layer', ['ablate', 'default', ...text, '--set', 'L9.N1=0'], 1, /has no layer L9\. It has L0 to L3/],
    [
      'no neuron',
      ['ablate', 'default', ...text, '--set', 'L0.N768=0'],
      1,
      /the layer has 768, counted from 0/,
    ],
    [
      'no tokens',
      ['ablate', 'default', ...text, ...neuron, '--at', '99'],
      2,
      /none of those meant is among them/,
    ],
    [
      'no numbers',
      ['ablate', 'default', ...text, '--set', 'L0.N1*1e39', '--controls', '0'],
      2,
      /gives no numbers any more/,
    ],
    [
      'no token',
      ['attribute', 'default', ...text, '--token', 'qqzz'],
      2,
      /is not one token of this vocabulary/,
    ],
    [
      'no number of a token',
      ['attribute', 'default', ...text, '--token', '#4096'],
      2,
      /the vocabulary has 4096, counted from 0/,
    ],
    [
      'a profile of a text',
      ['ablate', 'default', ...text, ...neuron, '--profile', 'x'],
      2,
      /leave --profile out/,
    ],
    [
      'a concept without a profile',
      ['ablate', 'default', 'sample', ...neuron, '--concept', 'digits'],
      2,
      /--profile DIR/,
    ],
  ])('%s is said in a sentence', async (_, args, status, sentence) => {
    const ended = await runLens(args);
    expect(ended.stderr).toMatch(sentence);
    expect([ended.status, ended.stdout]).toEqual([status, '']);
  });

  it('says that a text of a decoder is left out where there is none', async () => {
    const { status, stderr } = await runLens([
      'ablate',
      'default',
      ...text,
      ...neuron,
      '--decoder-text',
      'a',
    ]);
    expect([status, stderr]).toEqual([0, expect.stringMatching(/no decoder apart .* is left out/)]);
  });

  it('runs special tokens that a text spells as what they are, and says so', async () => {
    const { status, stderr } = await runLens([
      'ablate',
      'default',
      '--text',
      '<|endoftext|>The cat',
      ...neuron,
    ]);
    expect([status, stderr]).toEqual([0, expect.stringMatching(/spells special tokens \(<\|endoftext\|>\)/)]);
  });
});

it('gives the figures that the page shows of the same setup', async () => {
  const setup = {
    ...FIRST_SETUP,
    ...{ prompt: 'The cat sat', neurons: ['L1.N7'], amount: '-1.5', tokens: '0' },
    ...{ operation: 'add' as const, place: 'chosen' as const, chosen: [1, 0], controls: '3', seed: '5' },
  };
  const question = questionOf(setup, { profile: null, layers: null });
  if ('refusal' in question) throw new Error(question.refusal);
  const model = `${FIXTURES}/gpt2-optimum-past`;
  const context = { signal: new AbortController().signal, progress: () => undefined };
  const shown = await createHandlers(new Scheduler(), '', '').ablate({ model, ...question }, context);
  const printed = await lensJson([
    ...['ablate', model, '--text', 'The cat sat', '--set', 'L1.N7-1.5', '--at', '0,1'],
    ...['--controls', '3', '--seed', '5'],
  ]);
  expect(printed).toEqual(shown);
  expect(shown.kl).toBeGreaterThan(0);
});
