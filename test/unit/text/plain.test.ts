import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainText } from '../../../src/core/text/formats/plain';
import { PART_LENGTH, partAt, partEnd } from '../../../src/core/text/parts';
import { Places } from '../../../src/core/text/places';
import { fileFrom, readAs } from './formats';

const units = fc.constantFrom('a', 'é', '😀', ' ', '\n', '\r\n', '\r', '\t');

describe('partEnd', () => {
  it('cuts a text into parts that join to it and split no character or line end', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: units, maxLength: 80 }),
        fc.integer({ min: 2, max: 12 }),
        (text, length) => {
          const parts: string[] = [];
          for (let start = 0; start < text.length; start += parts.at(-1)!.length) {
            parts.push(text.slice(start, partEnd(text, start, length)));
          }
          expect(parts.join('')).toBe(text);
          for (const [index, part] of parts.entries()) {
            expect(part.length).toBeGreaterThan(0);
            expect(part.length).toBeLessThanOrEqual(length);
            expect(() => encodeURIComponent(part)).not.toThrow();
            if (part.endsWith('\r')) expect(parts[index + 1]?.startsWith('\n') ?? false).toBe(false);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('prefers line ends, then white space, and leaves no part less than half full', () => {
    expect(partEnd('aaaa\naa aa aa', 0, 8)).toBe(5);
    expect(partEnd('a\naaaa aa aa', 0, 8)).toBe(7);
    expect(partEnd('a\na aaaaaaaaa', 0, 8)).toBe(8);
    expect(partEnd('aaa\naaa', 0, 8)).toBe(7);
  });

  it('gives the part that holds an offset, the last one for the end of the text', () => {
    const text = 'aaaa\naa aa aa\nbbb';
    const cuts = [0, partEnd(text, 0, 8), partEnd(text, partEnd(text, 0, 8), 8), text.length];
    for (let offset = 0; offset <= text.length; offset++) {
      const { start, end } = partAt(text, offset, 8);
      expect(cuts.indexOf(end) - cuts.indexOf(start)).toBe(1);
      expect(offset >= start && (offset < end || end === text.length)).toBe(true);
    }
    expect(partAt('', 0, 8)).toEqual({ start: 0, end: 0 });
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
});

describe('plainText', () => {
  it('takes a short file whole, and gives an empty one no text', async () => {
    const { found } = await readAs(plainText, 'one\ntwo');
    expect(found).toMatchObject([{ record: null, part: null, text: 'one\ntwo', offsetBase: 0 }]);
    expect(found[0]!.locate(5)).toEqual({ line: 2, column: 2 });
    expect((await readAs(plainText, '')).found).toEqual([]);
  });

  it.each([
    ['lines', 'a line of text\r\n'.repeat(60_000)],
    ['one line of 10 MB', 'word '.repeat(2_000_000)],
    ['one word', 'x😀'.repeat(400_000)],
  ])('cuts %s into parts that know their places, however it arrives', async (_, text) => {
    const { found } = await readAs(plainText, text, { chunkLengths: [1_000_003] });
    const again = await readAs(plainText, text, { chunkLengths: [77_777] });
    expect(again.found.map((part) => part.text)).toEqual(found.map((part) => part.text));
    expect(found.map(({ part }) => part)).toEqual(found.map((_, index) => index + 1));
    expect(found.map((part) => part.text).join('')).toBe(text);
    for (const part of found) {
      expect(part.text.length).toBeLessThanOrEqual(PART_LENGTH);
      expect(part.offsetBase).toBe(text.indexOf(part.text, part.offsetBase));
      expect(fileFrom(text, part.locate(3)).slice(0, 20)).toBe(text.slice(part.offsetBase + 3).slice(0, 20));
    }
  });
});
