import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LensError } from '../../../src/core/common/errors';
import { openTokenizer } from '../../../src/runtime/tokenizers/openTokenizer';

const fixtures = join(import.meta.dirname, '../../fixtures/text');
const tokenizerPath = (name: string): string => join(fixtures, 'tokenizers', `${name}.json`);

interface ExpectedText {
  text: string;
  ids: number[];
  /** UTF-16, empty where Python's tokenizers gives an empty range. */
  offsets: [number, number][];
  special: number[];
}
interface ExpectedTokenizer {
  tokenizer: string;
  vocabulary: number;
  frame: { before: number[]; after: number[] };
  texts: ExpectedText[];
}
const expectations = JSON.parse(readFileSync(join(fixtures, 'tokens.json'), 'utf8')) as ExpectedTokenizer[];

/** A range without the characters that are in no range of Python's, which its tokenizers leave to no token. */
function withinPython(
  start: number,
  end: number,
  [first]: readonly number[],
  all: readonly (readonly number[])[],
): [number, number] {
  const isLeft = (offset: number): boolean => all.some(([from = 0, to = 0]) => from <= offset && offset < to);
  let [low, high] = [start, end];
  while (low < first! && !isLeft(low)) low += 1;
  while (high > low + 1 && !isLeft(high - 1)) high -= 1;
  return [low, high];
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tokenizer-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function rangesOf(name: string, text: string): Promise<(string | undefined)[][]> {
  const tokenizer = await openTokenizer(tokenizerPath(name));
  const { ids, starts, ends } = await tokenizer.tokenize(text);
  return Array.from(ids, (id, token) => [tokenizer.pieceOf(id), text.slice(starts[token], ends[token])]);
}

describe.each(expectations)('the $tokenizer tokenizer', (expected) => {
  it('gives the ids, ranges and special flags that Python gives', async () => {
    const tokenizer = await openTokenizer(tokenizerPath(expected.tokenizer));
    expect(tokenizer.frame).toEqual(expected.frame);
    expect(tokenizer.vocabularySize).toBe(expected.vocabulary);
    for (const { text, ids, offsets, special } of expected.texts) {
      const tokens = await tokenizer.tokenize(text);
      expect([...tokens.ids]).toEqual(ids);
      expect([...tokens.special]).toEqual(special);
      offsets.forEach((range, token) => {
        if (range[0] === range[1]) return;
        expect(withinPython(tokens.starts[token]!, tokens.ends[token]!, range, offsets)).toEqual(range);
      });
    }
  });

  it('gives every token of any text a range that is not empty and cuts no character', async () => {
    const tokenizer = await openTokenizer(tokenizerPath(expected.tokenizer));
    const texts = fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.string({ unit: 'grapheme' }));
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        const { starts, ends } = await tokenizer.tokenize(text);
        const boundaries = new Set(
          Array.from(text).map((_, index, all) => all.slice(0, index).join('').length),
        );
        boundaries.add(text.length);
        starts.forEach((start, token) => {
          expect(start).toBeLessThan(ends[token]!);
          expect(boundaries).toContain(start);
          expect(boundaries).toContain(ends[token]);
        });
      }),
      { numRuns: 200 },
    );
  });
});

describe('all-MiniLM-L6-v2', () => {
  it('gives the tokens of transformers, whose truncation at 128 is switched off', async () => {
    const passages = JSON.parse(readFileSync(join(fixtures, 'minilmTokens.json'), 'utf8')) as {
      text: string;
      ids: number[];
      special: number[];
      offsets: [number, number][];
    }[];
    const path = join(folder, 'minilm.json');
    await writeFile(path, gunzipSync(readFileSync(join(fixtures, 'tokenizers/minilm.json.gz'))));
    const tokenizer = await openTokenizer(path);
    expect(tokenizer.frame).toEqual({ before: [101], after: [102] });
    for (const { text, ids, offsets } of passages) {
      const { before, after } = tokenizer.frame;
      const tokens = await tokenizer.tokenize(text);
      expect([...before, ...tokens.ids, ...after]).toEqual(ids);
      const characters = Array.from(text);
      const utf16 = (point: number): number => characters.slice(0, point).join('').length;
      const expected = offsets.slice(1, -1).map((range) => range.map(utf16));
      expect(
        expected.map((range, t) => withinPython(tokens.starts[t]!, tokens.ends[t]!, range, expected)),
      ).toEqual(expected);
    }
    const long = await tokenizer.tokenize('rain '.repeat(1000));
    expect(long.ids).toHaveLength(1000);
  });
});

describe('tokens without a range of their own', () => {
  it('lets the bytes of one character share it', async () => {
    expect(await rangesOf('llama', 'a😀')).toEqual([
      ['▁a', 'a'],
      ['<0xF0>', '😀'],
      ['<0x9F>', '😀'],
      ['<0x98>', '😀'],
      ['<0x80>', '😀'],
    ]);
  });

  it('gives white space that was trimmed off back to its token', async () => {
    const text = ' a  b ';
    const tokenizer = await openTokenizer(tokenizerPath('roberta'));
    const { ids, starts, ends } = await tokenizer.tokenize(text);
    expect(Array.from(ids, (id, token) => [tokenizer.pieceOf(id), starts[token], ends[token]])).toEqual([
      ['Ġa', 1, 2],
      ['Ġ', 2, 3],
      ['Ġb', 4, 5],
      ['Ġ', 5, 6],
    ]);
  });

  it('reads a lone surrogate as one character', async () => {
    const ranges = await rangesOf('gpt2', '\ud800x');
    expect(ranges.map(([, text]) => text)).toEqual(['\ud800', '\ud800', '\ud800', 'x']);
  });
});

describe('a tokenizer.json that cannot be used', () => {
  const opened = async (json: string): Promise<unknown> => {
    const path = join(folder, 'bad.json');
    await writeFile(path, json);
    return openTokenizer(path).catch((thrown: unknown) => thrown);
  };

  it.each([
    ['empty', ''],
    ['cut off', '{"model":{"type":"BPE","vocab":{"a":0'],
    ['something else', '{"name":"package","version":"1.0.0"}'],
    ['nested deeply', '['.repeat(100_000)],
    [
      'of an unknown kind',
      '{"version":"1.0","added_tokens":[],"model":{"type":"Telepathy","vocab":{"a":0}}}',
    ],
    [
      'without the piece for unknown words',
      '{"version":"1.0","added_tokens":[],"model":{"type":"WordLevel","vocab":{"q":0},"unk_token":"[UNK]"}}',
    ],
    [
      'one whose template names an unknown special token',
      '{"version":"1.0","added_tokens":[],"model":{"type":"WordLevel","vocab":{"a":0},"unk_token":"a"},"post_processor":{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"[CLS]","type_id":0}},{"Sequence":{"id":"A","type_id":0}}],"pair":[{"Sequence":{"id":"A","type_id":0}}],"special_tokens":{}}}',
    ],
  ])('is refused when it is %s', async (_, json) => {
    const thrown = await opened(json);
    expect(thrown).toBeInstanceOf(LensError);
    expect((thrown as LensError).code).toBe('invalid-tokenizer');
    expect((thrown as LensError).message).toContain('bad.json is not a tokenizer.json');
  });

  it('is said to be missing', async () => {
    await expect(openTokenizer(join(folder, 'none.json'))).rejects.toMatchObject({ code: 'not-found' });
  });

  it.runIf(process.platform !== 'win32')('is said to be no file', async () => {
    await mkdir(join(folder, 'folder.json'));
    await expect(openTokenizer(join(folder, 'folder.json'))).rejects.toThrow(/it is a folder/);
    execFileSync('mkfifo', [join(folder, 'pipe.json')]);
    await expect(openTokenizer(join(folder, 'pipe.json'))).rejects.toThrow(/it is a pipe/);
    await symlink('/dev/zero', join(folder, 'device.json'));
    await expect(openTokenizer(join(folder, 'device.json'))).rejects.toThrow(/it is a pipe/);
  });
});
