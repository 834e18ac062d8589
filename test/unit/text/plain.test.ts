import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainText, plainTextBetween } from '../../../src/core/text/formats/plain';
import { SLICE_LENGTH, sliceAt, sliceEnd } from '../../../src/core/text/slices';
import { Places } from '../../../src/core/text/places';
import { fileFrom, readAs } from './formats';

const units = fc.constantFrom('a', 'é', '😀', ' ', '\n', '\r\n', '\r', '\t');

describe('sliceEnd', () => {
  it('cuts a text into slices that join to it and split no character or line end', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: units, maxLength: 80 }),
        fc.integer({ min: 2, max: 12 }),
        (text, length) => {
          const slices: string[] = [];
          for (let start = 0; start < text.length; start += slices.at(-1)!.length) {
            slices.push(text.slice(start, sliceEnd(text, start, length)));
          }
          expect(slices.join('')).toBe(text);
          for (const [index, slice] of slices.entries()) {
            expect(slice.length).toBeGreaterThan(0);
            expect(slice.length).toBeLessThanOrEqual(length);
            expect(() => encodeURIComponent(slice)).not.toThrow();
            if (slice.endsWith('\r')) expect(slices[index + 1]?.startsWith('\n') ?? false).toBe(false);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('prefers line ends, then white space, and leaves no slice less than half full', () => {
    expect(sliceEnd('aaaa\naa aa aa', 0, 8)).toBe(5);
    expect(sliceEnd('a\naaaa aa aa', 0, 8)).toBe(7);
    expect(sliceEnd('a\na aaaaaaaaa', 0, 8)).toBe(8);
    expect(sliceEnd('aaa\naaa', 0, 8)).toBe(7);
    expect(sliceEnd('aaaaaaa\raaa', 0, 8)).toBe(8);
    expect(sliceEnd('aaaaaaa\r\naaa', 0, 8)).toBe(7);
  });

  it('gives the slice that holds an offset, the last one for the end of the text', () => {
    const text = 'aaaa\naa aa aa\nbbb';
    const cuts = [0, sliceEnd(text, 0, 8), sliceEnd(text, sliceEnd(text, 0, 8), 8), text.length];
    for (let offset = 0; offset <= text.length; offset++) {
      const { start, end } = sliceAt(text, offset, 8);
      expect(cuts.indexOf(end) - cuts.indexOf(start)).toBe(1);
      expect(offset >= start && (offset < end || end === text.length)).toBe(true);
    }
    expect(sliceAt('', 0, 8)).toEqual({ start: 0, end: 0 });
  });
});

describe('Places', () => {
  it('counts lines as an editor does', () => {
    fc.assert(
      fc.property(fc.string({ unit: units }), (text) => {
        const places = new Places(text, { line: 1, column: 1 });
        for (let offset = 0; offset <= text.length; offset++) {
          expect(fileFrom(text, places.at(offset))).toBe(text.slice(offset));
        }
      }),
    );
  });

  it('goes back from a place to its offset, wherever the stretch begins, and stays within it', () => {
    const start = fc.record({ line: fc.integer({ min: 1, max: 9 }), column: fc.integer({ min: 1, max: 9 }) });
    fc.assert(
      fc.property(fc.string({ unit: units }), start, (text, from) => {
        const places = new Places(text, from);
        for (let offset = 0; offset <= text.length; offset++)
          expect(places.offsetOf(places.at(offset))).toBe(offset);
        expect(places.end).toEqual(places.at(text.length));
        expect(places.offsetOf({ line: from.line - 1, column: 99 })).toBe(0);
        expect(places.offsetOf({ line: places.end.line, column: 999 })).toBe(text.length);
        expect(places.offsetOf({ line: places.end.line + 1, column: 1 })).toBe(text.length);
      }),
    );
  });
});

describe('plainText', () => {
  it('takes a short file whole, and gives an empty one no text', async () => {
    const { found } = await readAs(plainText, 'one\ntwo');
    expect(found).toMatchObject([{ record: null, slice: null, text: 'one\ntwo', offsetBase: 0 }]);
    expect(found[0]!.locate(5)).toEqual({ line: 2, column: 2 });
    expect((await readAs(plainText, '')).found).toEqual([]);
  });

  it.each([
    ['lines', 'a line of text\r\n'.repeat(60_000)],
    ['one line of 10 MB', 'word '.repeat(2_000_000)],
    ['one word', 'x😀'.repeat(400_000)],
  ])('cuts %s into slices that know their places, however it arrives', async (_, text) => {
    const { found } = await readAs(plainText, text, { chunkLengths: [1_000_003] });
    const again = await readAs(plainText, text, { chunkLengths: [77_777] });
    expect(again.found.map((slice) => slice.text)).toEqual(found.map((slice) => slice.text));
    expect(found.map(({ slice }) => slice)).toEqual(found.map((_, index) => index + 1));
    expect(found.map((slice) => slice.text).join('')).toBe(text);
    for (const slice of found) {
      expect(slice.text.length).toBeLessThanOrEqual(SLICE_LENGTH);
      expect(slice.offsetBase).toBe(text.indexOf(slice.text, slice.offsetBase));
      expect(fileFrom(text, slice.locate(3)).slice(0, 20)).toBe(
        text.slice(slice.offsetBase + 3).slice(0, 20),
      );
    }
  });

  it('reads a stretch alone, which still knows its place in the file', async () => {
    const text = 'one two\r\nthree\nfour';
    const range = { from: { line: 1, column: 5 }, to: { line: 2, column: 3 } };
    const format = { ...plainText, read: plainTextBetween(range) };
    const { found } = await readAs(format, text, { chunkLengths: [6] });
    expect(found).toMatchObject([{ text: 'two\r\nth', offsetBase: 4, slice: null }]);
    expect([0, 6].map((offset) => found[0]!.locate(offset))).toEqual([range.from, { line: 2, column: 2 }]);
  });
});
