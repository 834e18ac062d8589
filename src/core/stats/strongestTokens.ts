import { inOneLine } from '../common/foreignText';
import { wordList } from '../common/wordList';

/** A stored place of a neuron, with the token that stands there. */
export interface PlacedToken {
  readonly value: number;
  readonly tokenId: number;
  /** As it stands in the text; empty where the profile keeps none. */
  readonly text: string;
}

/** What a token is called. */
export interface ShownToken {
  /** As it is spelled where most of the mass is; empty where the profile keeps no text. */
  readonly token: string;
  readonly tokenId: number;
}

/** A token that a neuron answers to: `strongestTokens` of docs/cli.md. */
export interface StrongToken extends ShownToken {
  /** Share of Σ|value| over the places that were looked at. */
  readonly share: number;
  /** How many of these places. */
  readonly count: number;
}

/** Tokens that are named of a neuron. */
const NAMED = 3;
/** Longer tokens are cut in lists. */
const LONGEST_LISTED = 24;

/** The same for two tokens that count as one: case and white space around them make no difference. */
export function tokenGroup({ text, tokenId }: Pick<PlacedToken, 'text' | 'tokenId'>): string {
  if (text === '') return `#${tokenId}`;
  const word = text.trim().toLowerCase();
  return word === '' ? ` ${text}` : word;
}

/** The tokens that hold the mass of some places, those with most of it first (docs/methods.md, Strongest tokens). */
export function tokensByMass(places: readonly PlacedToken[]): StrongToken[] {
  const total = massOf(places);
  return heaviestFirst(places, tokenGroup)
    .filter((members) => massOf(members) > 0)
    .map((members) => {
      const [spelling] = heaviestFirst(members, ({ text }) => text);
      const { text: token, tokenId } = spelling![0]!;
      return { token, tokenId, share: massOf(members) / total, count: members.length };
    });
}

/** Those of them that are named. */
export function strongestTokens(places: readonly PlacedToken[]): StrongToken[] {
  return tokensByMass(places).slice(0, NAMED);
}

/** A token in a list of one line: spaces as `·`, by its id where there is no text, cut where it is long. */
export function listedToken({ token, tokenId }: ShownToken): string {
  if (token === '') return `#${tokenId}`;
  const units = Array.from(inOneLine(token).replaceAll(' ', '·'));
  return units.length > LONGEST_LISTED ? `${units.slice(0, LONGEST_LISTED - 1).join('')}…` : units.join('');
}

/** `·seconds ·minutes ·days` */
export function tokenLine(tokens: readonly ShownToken[]): string {
  return tokens.map(listedToken).join(' ');
}

/** `“·seconds”, “·minutes” and “·days”`, in a sentence. */
export function quotedTokens(tokens: readonly ShownToken[]): string {
  return wordList(tokens.map((token) => `“${listedToken(token)}”`));
}

/** What a token is called, without its figures. */
export function withoutFigures({ token, tokenId }: ShownToken): ShownToken {
  return { token, tokenId };
}

/** Places by what they have in common: the most mass first, of two alike the one with the largest value, then by its name. */
function heaviestFirst(
  places: readonly PlacedToken[],
  nameOfPlace: (place: PlacedToken) => string,
): PlacedToken[][] {
  const groups = new Map<string, PlacedToken[]>();
  for (const place of places) {
    const group = groups.get(nameOfPlace(place));
    if (group) group.push(place);
    else groups.set(nameOfPlace(place), [place]);
  }
  const peakOf = (members: readonly PlacedToken[]): number =>
    Math.max(...members.map(({ value }) => Math.abs(value)));
  return [...groups]
    .sort(([one, a], [other, b]) => massOf(b) - massOf(a) || peakOf(b) - peakOf(a) || (one < other ? -1 : 1))
    .map(([, members]) => members);
}

/** Σ|value| */
export function massOf(places: readonly PlacedToken[]): number {
  return places.reduce((sum, { value }) => sum + Math.abs(value), 0);
}
