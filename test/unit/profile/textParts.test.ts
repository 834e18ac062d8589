import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Compression } from '../../../src/core/profile/texts/compression';
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
