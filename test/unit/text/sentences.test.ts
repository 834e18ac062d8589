import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { paragraphsOf, sentencesOf } from '../../../src/core/text/sentences';
import type { TextSpan } from '../../../src/core/text/textSpan';

const read = (text: string, spans: Iterable<TextSpan>) =>
  Array.from(spans, ({ start, end }) => text.slice(start, end));

describe('sentences', () => {
  it('go over the end of a line, and end at an empty one', () => {
    const text = '\n \nOne line\nand more. Two?\r\n \nThree\n\n\nFour';
    expect(read(text, paragraphsOf(text))).toEqual(['One line\nand more. Two?\r\n', 'Three\n', 'Four']);
    expect(read(text, sentencesOf(text))).toEqual(['One line\nand more. ', 'Two?\r\n', 'Three\n', 'Four']);
    expect(read('', sentencesOf(''))).toEqual([]);
  });

  it('join to the paragraphs, and these hold all that is no white space', () => {
    const letters = fc.string({
      unit: fc.constantFrom('a', 'B', '. ', '\n', ' ', '?', '\r\n'),
      maxLength: 40,
    });
    fc.assert(
      fc.property(letters, (text) => {
        const paragraphs = read(text, paragraphsOf(text));
        expect(read(text, sentencesOf(text)).join('')).toBe(paragraphs.join(''));
        expect(paragraphs.join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
        for (const paragraph of paragraphs) expect(paragraph).toMatch(/^.*\S/);
        for (const paragraph of paragraphs) expect(paragraph).not.toMatch(/\n[ \r]*\n/);
      }),
      { numRuns: 500 },
    );
  });

  it('are cut where a text goes on without an end', () => {
    const text = 'word '.repeat(4_000);
    const lengths = Array.from(sentencesOf(text), ({ start, end }) => end - start);
    expect(lengths).toEqual([8_192, 8_192, 3_616]);
  });
});
