import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LanguageThread } from '../../../src/runtime/language/languageThread';
import { breakRuns } from '../../../src/runtime/language/longRuns';
import { buildLanguageWorker } from '../../../tools/build/build.mjs';

let folder: string;
let program: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'neuron-lens-language-'));
  program = join(folder, 'language.cjs');
  await buildLanguageWorker(program);
});
afterAll(() => rm(folder, { recursive: true }));

describe('the thread that reads languages', () => {
  it('tags English with the place of every word in the text as it is written', async () => {
    const thread = new LanguageThread(program);
    const text = "I don’t like  the bad cats—they're worse.\n\nWhy not?";
    const { words, sentences } = (await thread.tag(text))!;
    const tagged = words.map(({ start, end, upos }) => [text.slice(start, end), upos]);
    expect(tagged).toEqual(
      expect.arrayContaining([
        ['I', 'PRON'],
        ['like', 'VERB'],
        ['bad', 'ADJ'],
        ['cats', 'NOUN'],
      ]),
    );
    expect(words.filter(({ negated }) => negated).map(({ start, end }) => text.slice(start, end))).toContain(
      'like',
    );
    expect(sentences.map(({ start, end }) => text.slice(start, end).trim())).toContain('Why not?');
    expect(words.find(({ start }) => start === text.indexOf('cats'))?.lemma).toBe('cat');
    await thread.end();
  });

  it('takes a text without a single space, which the library by itself does not', async () => {
    const thread = new LanguageThread(program);
    for (const text of ['a'.repeat(100_000), '!'.repeat(20_000)]) {
      const { words } = (await thread.tag(text))!;
      expect(words.at(-1)!.end).toBe(text.length);
    }
    await thread.end();
  });

  it('gives up an expression that never ends, and not the text', async () => {
    const thread = new LanguageThread(program, undefined, 3_000);
    expect(await thread.search('a1 b22', '\\d+', 'gmu')).toEqual([
      { start: 1, end: 2 },
      { start: 4, end: 6 },
    ]);
    expect(await thread.search(`${'a'.repeat(40)}!`, '(a+)+$', 'gmu')).toBeNull();
    expect(thread.abandoned).toBe(0);
    expect(await thread.search('', '^', 'gmu')).toEqual([{ start: 0, end: 0 }]);
    await thread.end();
  });

  it('runs a chat template, and gives one up that never ends or refuses', async () => {
    const thread = new LanguageThread(program, undefined, 3_000);
    const messages = [{ role: 'user', content: 'why' }] as const;
    const render = (template: string) => thread.renderChat(template, messages);
    expect(
      await render("{% for m in messages %}<{{ m['role'] }}>{{ m.content }}{{ eos_token }}{% endfor %}"),
    ).toBe('<user>why');
    expect(await render('{{ raise_exception("no") }}')).toBeNull();
    const round = '{% for a in range(99999) %}';
    expect(await render(`${round}${round}{% endfor %}{% endfor %}`)).toBeNull();
    expect(thread.abandoned).toBe(0);
    await thread.end();
  });

  it('gives a text up that takes too long, and goes on with the next', async () => {
    const thread = new LanguageThread(program, 40);
    const slow = thread.tag('A cat sat, and then it ran. '.repeat(20_000));
    expect(await slow).toBeNull();
    expect(thread.abandoned).toBe(1);
    await thread.end();
    const patient = new LanguageThread(program);
    expect(await patient.parseMarkup('# a')).toEqual([{ kind: 'heading', start: 0, end: 3 }]);
    expect(await patient.parseCode('f(1)', 'python')).toContainEqual({ kind: 'number', start: 2, end: 3 });
    await patient.end();
  });

  it('says so where its program is missing', async () => {
    await expect(new LanguageThread(join(folder, 'none.cjs')).tag('a')).rejects.toThrow(/Install it again/);
  });
});

it('long runs are broken, and offsets found again', () => {
  const text = `ab ${'x'.repeat(450)} c`;
  const { broken, originalOf } = breakRuns(text);
  expect(broken.length).toBe(text.length + 2);
  const offsets = [0, 3, 202, 203, 204, 205, 403, 404, 405, broken.length].map(originalOf);
  expect(offsets).toEqual([0, 3, 202, 203, 203, 204, 402, 403, 403, text.length]);
});
