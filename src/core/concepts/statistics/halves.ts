import { randomOf, shuffle } from '../../common/random';

/** A is where neurons are chosen, B where they are reported. */
export type Half = 'a' | 'b';

/** What counts as one document: a document, or a stretch of one where there are few. */
export interface Excerpt {
  /** Index of the document that it is of. */
  readonly document: number;
  /** Tokens `[first, end)` of the document. */
  readonly first: number;
  readonly end: number;
  readonly half: Half;
}

export interface Halves {
  readonly excerpts: readonly Excerpt[];
  /** Whether documents were cut into stretches. */
  readonly cut: boolean;
}

/** Fewer documents than this are cut into stretches (docs/methods.md, Two halves). */
export const FEWEST_DOCUMENTS = 20;
const SHORTEST_STRETCH = 1_000;

/**
 * Splits a corpus by document: in a seeded order each excerpt goes to the half that has fewer tokens so far.
 * @param tokens by document. @param gap tokens between stretches of one document, so that no window spans two halves.
 * @returns excerpts in the order of the documents and their tokens
 */
export function splitIntoHalves(tokens: readonly number[], gap: number, seed: number): Halves {
  const cut = tokens.length < FEWEST_DOCUMENTS;
  const pieces = tokens.flatMap((count, document) =>
    (cut ? stretchesOf(count, gap) : [{ first: 0, end: count }]).map((range) => ({ document, ...range })),
  );
  const halves = new Array<Half>(pieces.length);
  const taken = { a: 0, b: 0 };
  const order = shuffle(
    pieces.map((_, i) => i),
    randomOf(`halves ${seed}`),
  );
  for (const i of order) {
    const half: Half = taken.a <= taken.b ? 'a' : 'b';
    halves[i] = half;
    taken[half] += pieces[i]!.end - pieces[i]!.first;
  }
  return { excerpts: pieces.map((piece, i) => ({ ...piece, half: halves[i]! })), cut };
}

/** As many stretches of at least 1,000 tokens as there is room for, of equal length to a token. */
function stretchesOf(tokens: number, gap: number): { first: number; end: number }[] {
  const count = Math.max(1, Math.floor((tokens + gap) / (SHORTEST_STRETCH + gap)));
  const inside = tokens - (count - 1) * gap;
  return Array.from({ length: count }, (_, i) => ({
    first: Math.floor((i * inside) / count) + i * gap,
    end: Math.floor(((i + 1) * inside) / count) + i * gap,
  }));
}
