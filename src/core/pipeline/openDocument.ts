import { tokenHash } from '../stats/tokenHash';
import type { TokenizedText } from '../text/tokens';
import type { Window } from '../text/windows';
import type { Unit } from '../profile/units';

/** A document of which windows are still to be run. */
export interface OpenDocument {
  readonly key: string;
  /** Its number in the running segment. */
  readonly number: number;
  readonly tokens: TokenizedText;
  /** The windows to run, in order. */
  readonly windows: readonly Window[];
  readonly hashOf: (token: number) => number;
  /** Whether these windows are all that the document has. */
  readonly whole: boolean;
  /** How many of `windows` have been run. */
  windowsDone: number;
}

export function openDocument(
  key: string,
  number: number,
  tokens: TokenizedText,
  windows: readonly Window[],
  whole: boolean,
  seed: number,
): OpenDocument {
  return { key, number, tokens, windows, hashOf: tokenHash(seed, key), whole, windowsDone: 0 };
}

/** What is done of a document so far. @param isWhole whether nothing of it is left to do, here and in other segments. */
export function heldOf({ key, windows, windowsDone }: OpenDocument, isWhole: boolean): Unit {
  if (windowsDone === 0) return { key, held: [] };
  if (isWhole) return { key, held: null };
  return { key, held: [{ first: windows[0]!.ownedStart, end: windows[windowsDone - 1]!.ownedEnd }] };
}
