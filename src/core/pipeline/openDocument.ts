import { tokenHash } from '../stats/tokenHash';
import type { TokenizedText } from '../text/tokens';
import type { Window } from '../text/windows';
import type { TokenRange } from '../profile/units';

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

/** The tokens that have their values so far; null for none. */
export function rangeDone({ windows, windowsDone }: OpenDocument): TokenRange | null {
  if (windowsDone === 0) return null;
  return { first: windows[0]!.ownedStart, end: windows[windowsDone - 1]!.ownedEnd };
}
