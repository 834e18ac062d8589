import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contextPieces, valueOf } from '../../../webview/common/contextPieces';
import { exampleOf } from '../../webview/messages';

describe('the context of an example cut into pieces', () => {
  it('keeps text between tokens without a value', () => {
    const example = exampleOf(['wait', ' 30', ' seconds'], [0.1, 0.9, 4.4], 2);
    const spaced = {
      ...example,
      context: {
        ...example.context,
        tokens: example.context.tokens.map((token, index) =>
          index === 0 ? token : { ...token, start: token.start + 1 },
        ),
      },
      start: example.start + 1,
    };
    expect(contextPieces(spaced).map(({ text, index, peak }) => [text, index, peak])).toEqual([
      ['wait', 0, false],
      [' ', -1, false],
      ['30', 1, false],
      [' ', -1, false],
      ['seconds', 2, true],
    ]);
  });

  it('shows a character of several byte tokens once, with all its values', () => {
    const example = exampleOf(['x', '🚀', 'y'], [0, -1, 0], 0);
    const [x, rocket, y] = example.context.tokens as [
      never,
      { start: number; end: number; value: number },
      never,
    ];
    const bytes = [rocket, { ...rocket, value: 0.5 }, { ...rocket, value: null }];
    const pieces = contextPieces({
      ...example,
      context: { ...example.context, tokens: [x, ...bytes, y] },
    });
    expect(pieces.map(({ text }) => text)).toEqual(['x', '🚀', 'y']);
    expect(pieces[1]?.values).toEqual([-1, 0.5, null]);
    expect(valueOf(pieces[1]!, example)).toBe(-1);
  });

  it('folds what is more than eight tokens from the peak', () => {
    const words = Array.from({ length: 30 }, (_, index) => ` w${index}`);
    const pieces = contextPieces(
      exampleOf(
        words,
        words.map(() => 1),
        12,
      ),
    );
    expect(pieces.filter(({ folded }) => !folded).map(({ index }) => index)).toEqual(
      Array.from({ length: 17 }, (_, index) => index + 4),
    );
  });

  it('gives the text back whole, wherever the tokens lie', () => {
    const ranges = fc.array(fc.tuple(fc.nat(40), fc.nat(6)), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(
        fc.string({ minLength: 50, maxLength: 50, unit: 'binary-ascii' }),
        ranges,
        (text, given) => {
          const tokens = given
            .map(([start, length]) => ({ start: 100 + start, end: 100 + start + length, value: 1 }))
            .sort((a, b) => a.start - b.start || a.end - b.end);
          const example = exampleOf(['a'], [1], 0, {
            start: tokens[0]!.start,
            end: tokens[0]!.end,
            context: { start: 100, end: 150, text, tokens },
          });
          expect(
            contextPieces(example)
              .map((piece) => piece.text)
              .join(''),
          ).toBe(text);
        },
      ),
    );
  });
});
