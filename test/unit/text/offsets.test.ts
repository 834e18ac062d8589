import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPair, utf16RangesOf } from '../../../src/core/text/offsets';

/** The characters of each token. */
function piecesOf(text: string, ranges: readonly (readonly number[])[]): string[] {
  const { starts, ends } = utf16RangesOf(text, ranges);
  return ranges.map((_, token) => text.slice(starts[token], ends[token]));
}

/** A text, and ranges of its code points as a tokenizer may give them: in order, apart or not, some of them empty. */
const tokenized = fc
  .string({
    unit: fc.constantFrom('a', 'é', '😀', ' ', '\n', '\u0301', '\u0000'),
    minLength: 1,
    maxLength: 12,
  })
  .chain((text) => {
    const last = Array.from(text).length;
    const range = fc.tuple(fc.nat({ max: last }), fc.nat({ max: 3 }));
    return fc.record({
      text: fc.constant(text),
      ranges: fc.array(range, { minLength: 1, maxLength: 6 }).map((list) => {
        const starts = list.map(([start]) => start).sort((a, b) => a - b);
        return starts.map((start, token) => {
          const next = starts[token + 1] ?? last;
          return [start, Math.min(start + list[token]![1], Math.max(next, start))];
        });
      }),
    });
  });

describe('ranges of tokens in UTF-16', () => {
  it('hold every character that is no white space, are never empty, in order, and cut no character', () => {
    fc.assert(
      fc.property(tokenized, ({ text, ranges }) => {
        const { starts, ends } = utf16RangesOf(text, ranges);
        const held = new Uint8Array(text.length);
        for (const token of ranges.keys()) {
          const [start, end] = [starts[token]!, ends[token]!];
          expect(start).toBeLessThan(end);
          expect(start).toBeGreaterThanOrEqual(starts[token - 1] ?? 0);
          for (const cut of [start, end]) expect(cut > 0 && isPair(text, cut - 1)).toBe(false);
          held.fill(1, start, end);
        }
        const lost = [...held.keys()].filter((at) => held[at] === 0 && !/\s/.test(text[at]!));
        expect(lost).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

  it('are those of the tokenizer where these leave out nothing but white space', () => {
    const words = fc.array(fc.constantFrom('a', 'é😀', '😀', 'bcd'), { minLength: 1 });
    fc.assert(
      fc.property(words, fc.constantFrom(' ', '\n\n', '\u3000'), (list, space) => {
        let reached = 0;
        const ranges = list.map((word) => {
          const start = reached;
          reached += Array.from(word).length + space.length;
          return [start, start + Array.from(word).length];
        });
        expect(piecesOf(list.join(space), ranges)).toEqual(list);
      }),
    );
  });

  it.each<[string, string, number[][], string[]]>([
    [
      'white space that was trimmed off a token',
      'a  b',
      [
        [0, 1],
        [3, 3],
        [3, 4],
      ],
      ['a', '  ', 'b'],
    ],
    [
      'the bytes of one character',
      'a😀b',
      [
        [0, 1],
        [1, 1],
        [1, 2],
        [2, 2],
        [2, 3],
      ],
      ['a', '😀', '😀', 'b', 'b'],
    ],
    [
      'what the tokenizer made up before a text',
      'ab',
      [
        [0, 0],
        [0, 2],
      ],
      ['a', 'ab'],
    ],
    [
      'what it made up behind one',
      'ab',
      [
        [0, 2],
        [2, 2],
      ],
      ['ab', 'b'],
    ],
    [
      'accents that were taken away behind a token',
      'a\u0301 b',
      [
        [0, 1],
        [3, 4],
      ],
      ['a\u0301', 'b'],
    ],
    [
      'what was taken away behind white space',
      'a \u0000b',
      [
        [0, 1],
        [3, 4],
      ],
      ['a', '\u0000b'],
    ],
    ['what was taken away before the first', ' \u0000 a', [[3, 4]], ['\u0000 a']],
    ['what was taken away behind the last', 'a \u0000 ', [[0, 1]], ['a \u0000']],
    [
      'ranges beyond the end',
      'ab',
      [
        [0, 1],
        [1, 9],
        [7, 9],
      ],
      ['a', 'b', 'b'],
    ],
    [
      'a lone surrogate',
      'a\ud83d b',
      [
        [0, 1],
        [1, 2],
        [3, 4],
      ],
      ['a', '\ud83d', 'b'],
    ],
  ])('take %s', (_, text, ranges, pieces) => {
    expect(piecesOf(text, ranges)).toEqual(pieces);
  });

  it('are none where there are no tokens, and empty in an empty text only', () => {
    expect(piecesOf('abc', [])).toEqual([]);
    expect(piecesOf('', [[0, 0]])).toEqual(['']);
  });
});

it('a pair is a high surrogate before a low one and nothing else', () => {
  const units = ['a', '\ud800', '\udbff', '\udc00', '\udfff', '\ue000'];
  for (const first of units)
    for (const second of units) {
      const isOne = '\ud800\udbff'.includes(first) && '\udc00\udfff'.includes(second);
      expect(isPair(`${first}${second}`, 0), JSON.stringify([first, second])).toBe(isOne);
    }
});
