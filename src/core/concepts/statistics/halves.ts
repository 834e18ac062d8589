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
  /** Tokens in neither half as both were full. */
  readonly leftOut: number;
}

/** Fewer documents than this are cut into stretches (docs/methods.md, Two halves). */
const FEWEST_DOCUMENTS = 20;
const SHORTEST_STRETCH = 1_000;

/**
 * Splits a corpus by document: in a seeded order each excerpt goes to the half that has fewer tokens so far, until both
 * are full.
 * @param tokens by document. @param gap tokens between stretches of one document, so that no window spans two halves.
 * @param most tokens of both halves together, but for the last excerpt's.
 * @returns excerpts in the order of the documents and their tokens
 */
export function splitIntoHalves(
  tokens: readonly number[],
  gap: number,
  seed: number,
  most = Infinity,
): Halves {
  const cut = tokens.length < FEWEST_DOCUMENTS;
  const pieces = tokens.flatMap((count, document) =>
    (cut ? stretchesOf(count, gap) : [{ first: 0, end: count }]).map((range) => ({ document, ...range })),
  );
  const halves = new Map<number, Half>();
  const taken = { a: 0, b: 0 };
  let leftOut = 0;
  const order = shuffle(
    pieces.map((_, i) => i),
    randomOf(`halves ${seed}`),
  );
  for (const i of order) {
    const length = pieces[i]!.end - pieces[i]!.first;
    if (taken.a + taken.b >= most) {
      leftOut += length;
      continue;
    }
    const half: Half = taken.a <= taken.b ? 'a' : 'b';
    halves.set(i, half);
    taken[half] += length;
  }
  const excerpts = pieces.flatMap((piece, i) => (halves.has(i) ? [{ ...piece, half: halves.get(i)! }] : []));
  return { excerpts, cut, leftOut };
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
