import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import type { Tokenizer } from '../../../src/core/text/tokenizer';
import type { TokenizedText } from '../../../src/core/text/tokens';
import { openTokenizer } from '../../../src/runtime/tokenizers/openTokenizer';

const fixtures = join(import.meta.dirname, '../../fixtures/text');
const normalisers = JSON.parse(readFileSync(join(fixtures, 'normalisers.json'), 'utf8')) as {
  name: string;
  tokenizer: unknown;
}[];

let folder: string;
const opened = new Map<string, Tokenizer>();
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'normaliser-'));
  for (const { name, tokenizer } of normalisers) {
    const path = join(folder, `${name}.json`);
    await writeFile(path, JSON.stringify(tokenizer));
    opened.set(name, await openTokenizer(path));
  }
  for (const name of ['gpt2', 'llama', 'bert', 't5', 'roberta']) {
    opened.set(name, await openTokenizer(join(fixtures, 'tokenizers', `${name}.json`)));
  }
});
afterAll(() => rm(folder, { recursive: true }));

/** Characters of many scripts, composed and not, with marks, joiners, controls and blanks of several kinds. */
const scripts = fc.constantFrom(
  ...['a', 'e', 'İ', 'ß', 'ﬁ', 'Ⅷ', '½', '…', '``', "'", '.', '-', ' ', '  ', '\n', '\u3000', '\u00a0'],
  ...['e\u0301', 'a\u0308', 'é', 'ẛ\u0323', 'o\u0323\u0302', '\u0301', '\u1112\u1161\u11ab', '한', '\u11af'],
  ...[
    '漢',
    'ｶﾞ',
    'が',
    'か\u3099',
    'ก\u0e33',
    '\u0e01\u0e49',
    'नि',
    'क\u093c',
    'ñ',
    'ا\u0653',
    'ש\u05c1',
    'й',
    'Й',
  ],
  ...['😀', '👩‍👩‍👧', '𝔘', '\u200b', '\u00ad', '\ufeff', '\u0000', '\ufffd', '\u001c', '\ud800'],
);
const texts = fc.array(scripts, { maxLength: 12 }).map((pieces) => pieces.join(''));

const isSpace = (character: string): boolean => /\p{White_Space}/u.test(character);
const covers = ({ starts, ends }: TokenizedText, offset: number): number[] =>
  Array.from(starts.keys()).filter((token) => starts[token]! <= offset && offset < ends[token]!);

describe.each([...normalisers.map(({ name }) => name), 'gpt2', 'llama', 'bert', 't5', 'roberta'])(
  'the tokens of %s',
  (name) => {
    it('leave no character out that is not white space', async () => {
      await fc.assert(
        fc.asyncProperty(texts, async (text) => {
          const tokens = await opened.get(name)!.tokenize(text);
          if (tokens.ids.length === 0) return;
          for (let offset = 0; offset < text.length; offset++) {
            if (!isSpace(text.charAt(offset))) expect(covers(tokens, offset), text).not.toEqual([]);
          }
          // And no more of it than there is, in the order of the text.
          tokens.starts.forEach((start, token) => {
            expect(start).toBeLessThan(tokens.ends[token]!);
            expect(start).toBeGreaterThanOrEqual(tokens.starts[token - 1] ?? 0);
            expect(tokens.ends[token]).toBeGreaterThanOrEqual(tokens.ends[token - 1] ?? 0);
          });
        }),
        { numRuns: 300 },
      );
    });
  },
);

describe.each(['NFC', 'NFKC'])('%s', (form) => {
  it.each(['words', 'bytes'])(
    'gives each token all that its characters were composed of: %s',
    async (kind) => {
      const tokenizer = opened.get(`${form}, ${kind}`)!;
      const composed = fc.constantFrom(
        'e\u0301',
        'a\u0308',
        'か\u3099',
        '\u1112\u1161\u11ab',
        '\u1112\u1161',
        'ñ',
        'x',
        '漢',
      );
      const list = fc.array(fc.tuple(composed, fc.constantFrom('', ' ')), { minLength: 1, maxLength: 8 });
      await fc.assert(
        fc.asyncProperty(list, async (pieces) => {
          const text = pieces.flat().join('');
          const tokens = await tokenizer.tokenize(text);
          let offset = 0;
          for (const [piece, space] of pieces) {
            const all = Array.from({ length: piece.length }, (_, unit) => covers(tokens, offset + unit));
            expect(all, text).toEqual(all.map(() => all[0]));
            offset += piece.length + space.length;
          }
        }),
        { numRuns: 300 },
      );
    },
  );
});

describe('unknown words', () => {
  it('count as text, and spelled special tokens do not', async () => {
    const tokenizer = opened.get('NFC, words')!;
    const { special, unknown } = await tokenizer.tokenize('the cat 猫 [UNK] zebra 😀');
    expect([...special]).toEqual([0, 0, 0, 1, 0, 0]);
    expect([...unknown]).toEqual([0, 0, 1, 0, 1, 1]);
  });

  it('are told apart by the special tokens of a BERT, too', async () => {
    const { special, unknown } = await opened.get('bert')!.tokenize('def 🤖 [sep] [SEP] [UNK] 🤖 x');
    expect(Array.from(special, (bit, token) => bit + 2 * unknown[token]!).filter((mark) => mark > 0)).toEqual(
      [2, 1, 1, 2],
    );
  });
});
