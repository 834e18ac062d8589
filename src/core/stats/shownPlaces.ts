import type { StoredPlace } from './storedPlaces';

/** Examples shown at either end. */
export const SHOWN_COUNT = 20;

/** A place to show, and how many stored ones with the same surroundings it stands for besides itself. */
export interface ShownPlace {
  readonly place: StoredPlace;
  readonly duplicates: number;
}

/**
 * Chooses what to show of the stored extremes: places with the same 17 tokens are folded into the best of them; then
 * at most one a document while enough documents remain; at most 20, best first.
 *
 * @param places best first.
 * @param surroundings for each place, the ids of the tokens from 8 before to 8 after, in order, −1 where the document
 *   has none.
 */
export function choosePlaces(
  places: readonly StoredPlace[],
  surroundings: readonly ArrayLike<number>[],
): ShownPlace[] {
  const folded = new Map<string, Candidate>();
  places.forEach((place, rank) => {
    const tokens = Array.from(surroundings[rank]!).join(' ');
    const known = folded.get(tokens);
    if (known) known.duplicates++;
    else folded.set(tokens, { place, rank, duplicates: 0 });
  });
  const documents = new Set<number>();
  const firsts: Candidate[] = [];
  const others: Candidate[] = [];
  for (const candidate of folded.values()) {
    (documents.has(candidate.place.document) ? others : firsts).push(candidate);
    documents.add(candidate.place.document);
  }
  return [...firsts, ...others]
    .slice(0, SHOWN_COUNT)
    .sort((a, b) => a.rank - b.rank)
    .map(({ place, duplicates }) => ({ place, duplicates }));
}

interface Candidate {
  readonly place: StoredPlace;
  readonly rank: number;
  duplicates: number;
}
