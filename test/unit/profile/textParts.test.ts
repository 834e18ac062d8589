import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Compression } from '../../../src/core/profile/texts/compression';
import { BLOCK_UNITS } from '../../../src/core/profile/texts/textLayout';
import { TextPartReader } from '../../../src/core/profile/texts/textPartReader';
import { TextPartWriter } from '../../../src/core/profile/texts/textPartWriter';
import type { SourceDocument } from '../../../src/core/text/document';
import { MemoryFileStore } from './memoryFileStore';

export const zlib: Compression = {
  deflate: (bytes) => Promise.resolve(new Uint8Array(deflateRawSync(bytes))),
  inflate: (bytes, length) =>
    Promise.resolve(new Uint8Array(inflateRawSync(bytes, { maxOutputLength: length }))),
};

function documentOf(key: string, text: string, offsetBase = 0): SourceDocument {
  return {
    key,
    file: key,
    record: null,
    text,
    offsetBase,
    locate: (offset) => ({ line: text.slice(0, offset).split('\n').length, column: offset + 1 }),
  };
}

/** One token a character. */
function characters(text: string) {
  const starts = Uint32Array.from({ length: text.length }, (_, i) => i);
  return {
    ids: Uint32Array.from(text, (character) => character.codePointAt(0)!),
    starts,
    ends: starts.map((start) => start + 1),
    special: new Uint8Array(text.length),
    unknown: new Uint8Array(text.length),
  };
}

/** So many tokens at a text's beginning. */
function filledWith(count: number) {
  const [ids, starts, ends] = [7, 0, 1].map((value) => new Uint32Array(count).fill(value));
  return { ids: ids!, starts: starts!, ends: ends! };
}

const LONG = 'naïve 🙂 \ud800 text\n'.repeat(5000);
/** A lone surrogate cannot be written as UTF-8; whatever stands for it takes one unit as well. */
const LONG_AS_KEPT = LONG.replaceAll('\ud800', '\ufffd');

describe('text parts', () => {
  it('give back text and tokens of every document', async () => {
    const store = new MemoryFileStore();
    const writer = new TextPartWriter(store, zlib, 3);
    const first = await writer.add(documentOf('a', 'one\ntwo', 100), characters('one\ntwo'));
    const second = await writer.add(documentOf('b', LONG), characters('xyz'));
    const third = await writer.add(documentOf('c', 'end'), characters('end'));
    await writer.flush();

    const reader = new TextPartReader(store, zlib, 3);
    expect([first.part, second.part, third.part]).toEqual([3, 3, 3]);
    expect(await reader.text(first.textStart, first.textStart + 7)).toBe('one\ntwo');
    expect(await reader.text(third.textStart, third.textStart + 3)).toBe('end');
    expect(await reader.text(second.textStart, second.textStart + LONG.length)).toBe(LONG_AS_KEPT);
    for (const offset of [0, 7, 8, 16_383, 16_384, 50_000]) {
      expect(await reader.text(second.textStart + offset, second.textStart + offset + 20)).toBe(
        LONG_AS_KEPT.slice(offset, offset + 20),
      );
    }
    const tokens = await reader.tokens(first.firstToken + 4, 2);
    expect([...tokens.start]).toEqual([104, 105]);
    expect([...tokens.line]).toEqual([2, 2]);
    expect([...(await reader.tokens(third.firstToken, 3)).id]).toEqual(
      ['e', 'n', 'd'].map((c) => c.charCodeAt(0)),
    );
  });

  it('start a new part after a flush, and write none for nothing', async () => {
    const store = new MemoryFileStore();
    const writer = new TextPartWriter(store, zlib, 0);
    await writer.add(documentOf('a', 'one'), characters('one'));
    await writer.flush();
    const second = await writer.add(documentOf('b', 'two'), characters('two'));
    await writer.flush();
    await writer.flush();
    expect(second).toMatchObject({ part: 1, firstToken: 0, textStart: 0 });
    expect(await new TextPartReader(store, zlib, 1).text(0, 3)).toBe('two');
    expect((await store.list('texts')).filter((name) => name.endsWith('/tokens.arrow'))).toHaveLength(2);
  });

  it.each([
    ['a pair of surrogates', `${'a'.repeat(BLOCK_UNITS - 1)}🙂b`],
    ['two of them', `${'a'.repeat(BLOCK_UNITS - 1)}🙂🙂`],
    ['a character of three bytes each', 'ש語'.repeat(BLOCK_UNITS)],
    ['nothing, as it ends there', 'é'.repeat(BLOCK_UNITS)],
  ])('keep whole what stands where a block ends: %s', async (_, text) => {
    const store = new MemoryFileStore();
    const writer = new TextPartWriter(store, zlib, 0);
    await writer.add(documentOf('a', text), characters(''));
    const { textStart } = await writer.add(documentOf('b', 'end'), characters('end'));
    await writer.flush();
    const reader = new TextPartReader(store, zlib, 0);
    expect(textStart).toBe(text.length);
    expect((await reader.text(0, text.length + 3)) === `${text}end`).toBe(true);
    for (let start = BLOCK_UNITS - 4; start <= Math.min(BLOCK_UNITS + 4, text.length); start++)
      expect(await reader.text(start, start + 3)).toBe(`${text}end`.slice(start, start + 3));
  });

  it('are closed before the next document once they hold 2^19 tokens', async () => {
    const store = new MemoryFileStore();
    const writer = new TextPartWriter(store, null, 0);
    const tokens = (count: number) => ({ ...characters(''), ...filledWith(count) });
    const places = [];
    for (const count of [2 ** 19 - 1, 1, 1, 0])
      places.push(await writer.add(documentOf('a', 'a'), tokens(count)));
    await writer.flush();
    expect(places).toMatchObject([
      { part: 0, firstToken: 0, tokenCount: 2 ** 19 - 1, textStart: 0 },
      { part: 0, firstToken: 2 ** 19 - 1, tokenCount: 1, textStart: 1 },
      { part: 1, firstToken: 0, tokenCount: 1, textStart: 0 },
      { part: 1, firstToken: 1, tokenCount: 0, textStart: 1 },
    ]);
    const ids = [0, 1].map((part) => new TextPartReader(store, zlib, part).tokens(0, 1));
    expect((await Promise.all(ids)).map(({ id }) => [...id])).toEqual([[7], [7]]);
  });

  it('can do without text', async () => {
    const store = new MemoryFileStore();
    const writer = new TextPartWriter(store, null, 0);
    await writer.add(documentOf('a', 'one'), characters('one'));
    await writer.flush();
    const reader = new TextPartReader(store, zlib, 0);
    expect(await reader.text(0, 3)).toBeNull();
    expect([...(await reader.tokens(0, 3)).column]).toEqual([1, 2, 3]);
  });

  it('name the file that is damaged', async () => {
    const store = new MemoryFileStore();
    const writer = new TextPartWriter(store, zlib, 0);
    await writer.add(documentOf('a', LONG), characters('one'));
    await writer.flush();
    store.files.set('texts/0000/text.deflate', new Uint8Array(100).fill(255));
    await expect(new TextPartReader(store, zlib, 0).text(0, 3)).rejects.toMatchObject({
      code: 'invalid-profile',
      message: expect.stringContaining('texts/0000/text.deflate') as string,
    });
  });
});
