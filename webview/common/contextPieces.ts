import type { Example } from '../../src/core/profile/neuronPage';

/** A run of an example's text that is shown as one: a token, or text that no token covers. */
export interface Piece {
  readonly text: string;
  /** What the tokens of the piece took; empty for text between tokens. Null where a value was not kept. */
  readonly values: readonly (number | null)[];
  /** The ranked token is in here. */
  readonly peak: boolean;
  /** Counted from 0 among the tokens of the context; −1 for text between tokens. */
  readonly index: number;
  /** Beyond the tokens nearest to the peak: folded away until the example is opened. */
  readonly folded: boolean;
}

/** Tokens on either side of the peak that a folded example shows: those whose values a profile keeps. */
const SHOWN_AROUND_PEAK = 8;

/**
 * The context of an example cut into what is drawn. Tokens that share their place in the text (bytes of one
 * character) become one piece with several values, so that every character stands there once.
 */
export function contextPieces(example: Example): Piece[] {
  const { context } = example;
  const textOf = (start: number, end: number): string =>
    context.text.slice(start - context.start, end - context.start);
  const isPeak = (token: { start: number; end: number }): boolean =>
    token.start === example.start && token.end === example.end;
  const peak = context.tokens.findIndex(isPeak);
  const pieces: Piece[] = [];
  let reached = context.start;

  context.tokens.forEach((token, index) => {
    const folded = Math.abs(index - peak) > SHOWN_AROUND_PEAK;
    const last = pieces.at(-1);
    if (last !== undefined && last.index >= 0 && token.end <= reached && token.end > token.start) {
      const values = [...last.values, token.value];
      pieces[pieces.length - 1] = {
        ...last,
        values,
        peak: last.peak || isPeak(token),
        folded: last.folded && folded,
      };
      return;
    }
    if (token.start > reached) {
      pieces.push({ text: textOf(reached, token.start), values: [], peak: false, index: -1, folded });
    }
    const start = Math.max(token.start, reached);
    pieces.push({
      text: textOf(start, token.end),
      values: [token.value],
      peak: isPeak(token),
      index,
      folded,
    });
    reached = Math.max(reached, token.end);
  });
  const end = context.end;
  if (reached < end) {
    const folded = pieces.at(-1)?.folded ?? false;
    pieces.push({ text: textOf(reached, end), values: [], peak: false, index: -1, folded });
  }
  return pieces;
}

/** The value that colours a piece: the ranked one at the peak, else the one of largest size. */
export function valueOf(piece: Piece, example: Example): number | null {
  if (piece.peak) return example.value;
  return piece.values.reduce<number | null>((largest, value) => {
    if (value === null) return largest;
    return largest === null || Math.abs(value) > Math.abs(largest) ? value : largest;
  }, null);
}
