import type { ComparedToken } from '../../src/core/cause/promptsAnswer';

/** A stretch of a text that is painted as one. */
export interface PaintedPiece {
  readonly text: string;
  /** Which token it is; null for what is between tokens, or newer than they are. */
  readonly token: number | null;
}

/**
 * A text that is being edited as the tokens of the one that was answered: where both begin and end alike, tokens keep
 * their places; what lies between is newer, and has none.
 */
export function paintedPieces(
  text: string,
  answered: string,
  tokens: readonly ComparedToken[],
): PaintedPiece[] {
  const shorter = Math.min(text.length, answered.length);
  let before = 0;
  while (before < shorter && text[before] === answered[before]) before++;
  let after = 0;
  while (after < shorter - before && text.at(-1 - after) === answered.at(-1 - after)) after++;
  const shift = text.length - answered.length;
  const pieces: PaintedPiece[] = [];
  let reached = 0;
  const add = (end: number, token: number | null): void => {
    if (end > reached) pieces.push({ text: text.slice(reached, end), token });
    reached = Math.max(reached, end);
  };
  tokens.forEach(({ start, end }, token) => {
    const moved = end <= before ? 0 : start >= answered.length - after ? shift : null;
    if (moved === null || end <= start) return;
    add(start + moved, null);
    add(end + moved, token);
  });
  add(text.length, null);
  return pieces;
}
