import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UnfitText } from '../../../src/core/text/tokenizer';
import { openEncoder } from '../../../src/runtime/tokenizers/encoder';
import { GuardedEncoder } from '../../../src/runtime/tokenizers/guardedEncoder';
import { isHarmless } from '../../../src/runtime/tokenizers/harmless';
import { openTokenizer } from '../../../src/runtime/tokenizers/openTokenizer';

const tokenizers = join(import.meta.dirname, '../../fixtures/text/tokenizers');
const WORDS = {
  version: '1.0',
  added_tokens: [],
  normalizer: null as unknown,
  pre_tokenizer: { type: 'Whitespace' } as unknown,
  post_processor: null,
  decoder: null,
  model: { type: 'WordLevel', vocab: { '[UNK]': 0, the: 1, cat: 2 }, unk_token: '[UNK]' } as unknown,
};
const split = (pattern: string) => ({
  type: 'Split',
  pattern: { Regex: pattern },
  behavior: 'Isolated',
  invert: false,
});
const replace = (from: string, content: string) => ({ type: 'Replace', pattern: { String: from }, content });

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'guarded-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function open(changed: Partial<typeof WORDS>): ReturnType<typeof openTokenizer> {
  const path = join(folder, 'tokenizer.json');
  await writeFile(path, JSON.stringify({ ...WORDS, ...changed }));
  return openTokenizer(path);
}

describe('a tokenizer in a process of its own', () => {
  it.each(['bert', 'gpt2', 'llama', 't5'])('gives what %s gives in this one', async (name) => {
    const json = readFileSync(join(tokenizers, `${name}.json`), 'utf8');
    const [guarded, direct] = [new GuardedEncoder(json), openEncoder(json)];
    for (const text of ['', 'The quick brown fox 🦊 naïve\n\n  x', '\ud800 lone', 'a'.repeat(500)]) {
      for (const added of [false, true]) {
        expect(await guarded.encode(text, added)).toEqual(await direct.encode(text, added));
      }
    }
    for (const id of [0, 5, 77, 1e9]) expect(guarded.pieceOf(id)).toBe(direct.pieceOf(id));
  });

  it('is left out at a text that its regular expression does not come to an end with, and goes on', async () => {
    const tokenizer = await open({ pre_tokenizer: split('(a+)+$') });
    await expect(tokenizer.tokenize(`${'a'.repeat(40)}!`)).rejects.toBeInstanceOf(UnfitText);
    expect([...(await tokenizer.tokenize('the')).ids]).toEqual([1]);
  });

  it('is stopped where it wants memory without end', async () => {
    const tokenizer = await open({ normalizer: replace('z', 'y'.repeat(1_000_000)) });
    await expect(tokenizer.tokenize('z'.repeat(20_000))).rejects.toThrow(/was stopped/);
    expect([...(await tokenizer.tokenize('cat')).ids]).toEqual([2]);
  });

  it.each([
    [
      'that grows without end',
      { normalizer: { type: 'Sequence', normalizers: Array(40).fill(replace('a', 'aa')) } },
    ],
    ['whose table is cut off', { normalizer: { type: 'Precompiled', precompiled_charsmap: 'AAAA' } }],
    ['whose pattern is none', { pre_tokenizer: split('((') }],
    ['that is nested without end', { pre_tokenizer: nested(200) }],
  ])('is refused when it is one %s', async (_, changed) => {
    await expect(open(changed)).rejects.toMatchObject({ code: 'invalid-tokenizer' });
  });
});

function nested(depth: number): unknown {
  return depth === 0 ? { type: 'Whitespace' } : { type: 'Sequence', pretokenizers: [nested(depth - 1)] };
}

describe('isHarmless', () => {
  it.each(['bert', 'gpt2', 'llama', 't5', 'roberta'])('knows the parts of %s', (name) => {
    expect(isHarmless(JSON.parse(readFileSync(join(tokenizers, `${name}.json`), 'utf8')))).toBe(true);
  });

  it.each<[string, Partial<typeof WORDS>]>([
    ['an unknown pattern', { pre_tokenizer: split('(a+)+$') }],
    ['one within a sequence', { pre_tokenizer: { type: 'Sequence', pretokenizers: [split('(a+)+$')] } }],
    ['a pattern in a normaliser', { normalizer: { ...replace('', 'b'), pattern: { Regex: '(a+)+$' } } }],
    ['a long replacement', { normalizer: replace('a', 'b'.repeat(1000)) }],
    [
      'many replacements',
      { normalizer: { type: 'Sequence', normalizers: Array(3).fill(replace('a', 'aa')) } },
    ],
    ['a replacement of nothing', { normalizer: replace('', 'b') }],
    ['a compiled table', { normalizer: { type: 'Precompiled', precompiled_charsmap: 'AAAA' } }],
    ['words of any length', { model: { type: 'WordPiece', max_input_chars_per_word: 1e9, vocab: {} } }],
    ['an unknown part', { pre_tokenizer: { type: 'Telepathy' } }],
    ['a part in pieces', { normalizer: 5 }],
  ])('does not trust %s', (_, changed) => {
    expect(isHarmless({ ...WORDS, ...changed })).toBe(false);
    expect(isHarmless(WORDS)).toBe(true);
  });
});
