import { expect, it } from 'vitest';
import { choosePlaces, SHOWN_COUNT } from '../../../src/core/stats/shownPlaces';
import type { StoredPlace } from '../../../src/core/stats/storedPlaces';

function places(documents: readonly number[]): StoredPlace[] {
  return documents.map((document, i) => ({ value: 100 - i, document, token: i, context: null }));
}

function unlike(count: number): number[][] {
  return Array.from({ length: count }, (_, i) => [i, i + 1]);
}

it('shows one a document while enough documents remain', () => {
  const documents = Array.from({ length: 32 }, (_, i) => Math.floor(i / 2) + (i > 15 ? 100 + i : 0));
  const shown = choosePlaces(places(documents), unlike(32));
  expect(shown).toHaveLength(SHOWN_COUNT);
  expect(new Set(shown.map(({ place }) => place.document)).size).toBe(SHOWN_COUNT);
});

it('fills up from the same documents when there are too few', () => {
  const shown = choosePlaces(places([1, 1, 1, 2]), unlike(4));
  expect(shown.map(({ place }) => place.value)).toEqual([100, 99, 98, 97]);
});

it('keeps the best of a document and the order of values', () => {
  const shown = choosePlaces(
    places([5, 5, 6, 7, ...Array.from({ length: 28 }, (_, i) => 10 + i)]),
    unlike(32),
  );
  expect(shown.map(({ place }) => place.value).slice(0, 3)).toEqual([100, 98, 97]);
});

it('folds places with the same surroundings into the best, and counts them', () => {
  const shown = choosePlaces(places([1, 2, 3, 4]), [
    [1, 2, 3],
    [3, 2, 1],
    [1, 2, 3],
    [1, 2, 3],
  ]);
  expect(shown.map(({ place, duplicates }) => [place.document, duplicates])).toEqual([
    [1, 2],
    [2, 0],
  ]);
});
