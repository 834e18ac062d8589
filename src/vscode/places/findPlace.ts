import { nearestTo } from '../../core/text/nearest';

/** Where an example is said to be. */
export interface Place {
  /** UTF-16 offset in the text as it was profiled, or in its record. */
  readonly start: number;
  readonly end: number;
  /** Counted from 1. */
  readonly line: number;
  readonly column: number;
  readonly token: string;
}

/** A range of the text as it is now, and whether it is the very place or the nearest that reads alike. */
export interface FoundPlace {
  readonly start: number;
  readonly end: number;
  readonly how: 'exact' | 'nearest' | 'lost';
}

/**
 * Finds a token in a text that may have changed since it was profiled: at its line and column, at its offset,
 * else where the same characters stand nearest. Where they stand nowhere, its line and column are all there is.
 */
export function findPlace(text: string, { start, end, line, column, token }: Place): FoundPlace {
  const length = end - start;
  const atLine = offsetOf(text, line, column);
  const reads = (offset: number) => text.startsWith(token, offset);
  // A token without characters reads alike everywhere.
  if (reads(atLine)) return { start: atLine, end: atLine + (token.length || length), how: 'exact' };
  if (reads(start)) return { start, end: start + token.length, how: 'exact' };
  const nearest = nearestTo(text, token, atLine);
  if (nearest === null) return { start: atLine, end: atLine, how: 'lost' };
  return { start: nearest, end: nearest + token.length, how: 'nearest' };
}

/** The offset of a line and column, both counted from 1; held within the text. */
function offsetOf(text: string, line: number, column: number): number {
  let lineStart = 0;
  for (let current = 1; current < line; current++) {
    const newline = text.indexOf('\n', lineStart);
    if (newline < 0) return text.length;
    lineStart = newline + 1;
  }
  return Math.min(text.length, lineStart + column - 1);
}
