import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  HeldUnits,
  joinHeld,
  readRanges,
  unitName,
  writeRanges,
  type HeldTokens,
  type TokenRange,
  type Unit,
} from '../../../src/core/profile/units';

/** Every document of a test has so many tokens. */
const TOKENS = 10;
const KEYS = ['a', 'b', 'c'];

/** The tokens of ranges, of a whole document all. */
const tokensOf = (held: HeldTokens): number[] =>
  (held ?? [{ first: 0, end: TOKENS }]).flatMap(({ first, end }) =>
    Array.from({ length: end - first }, (_, token) => first + token),
  );

/** Ranges that hold exactly some tokens, each a range by itself. */
const rangesOf = (tokens: readonly number[]): TokenRange[] =>
  tokens.map((token) => ({ first: token, end: token + 1 }));

/** Which of two parts each token of a document is in, or in none. */
const shares = fc.array(fc.constantFrom('none', 'first', 'second'), {
  minLength: TOKENS,
  maxLength: TOKENS,
});
/** The whole document, or some of its tokens in two parts that share none. */
const documents = fc.tuple(
  ...KEYS.map((key) =>
    fc.oneof(
      fc.constant<Unit[]>([{ key, held: null }]),
      shares.map((dealt) =>
        ['first', 'second'].map((part): Unit => {
          const tokens = dealt.flatMap((share, token) => (share === part ? [token] : []));
          return { key, held: joinHeld([], rangesOf(tokens)) };
        }),
      ),
    ),
  ),
);
const range = fc
  .tuple(fc.nat(TOKENS - 1), fc.integer({ min: 1, max: TOKENS }))
  .map(([first, length]) => ({ first, end: Math.min(TOKENS, first + length) }));

it('holds the tokens that were added and no other', () => {
  fc.assert(
    fc.property(documents, fc.constantFrom(...KEYS, 'never'), range, (added, key, asked) => {
      const units = added.flat();
      const held = new HeldUnits(units);
      const own = units.filter((unit) => unit.key === key);
      const isWhole = own.some((unit) => unit.held === null);
      const tokens = new Set(own.flatMap((unit) => tokensOf(unit.held)));
      expect(held.holds(key)).toBe(isWhole);
      expect(held.knows(key)).toBe(tokens.size > 0);
      expect(held.holdsRange(key, asked)).toBe(tokensOf([asked]).every((token) => tokens.has(token)));
      expect(held.overlaps({ key, held: [asked] })).toBe(
        tokensOf([asked]).some((token) => tokens.has(token)),
      );
      expect(held.overlaps({ key, held: null })).toBe(tokens.size > 0);
      const known = units.filter((unit) => tokensOf(unit.held).length > 0).map((unit) => unit.key);
      expect(held.documents).toBe(new Set(known).size);
    }),
    { numRuns: 500 },
  );
});

it('takes a document that is held whole for whole, whatever parts of it come before or after', () => {
  const part: Unit = { key: 'a', held: [{ first: 2, end: 4 }] };
  const whole: Unit = { key: 'a', held: null };
  for (const units of [
    [part, whole],
    [whole, part],
  ]) {
    const held = new HeldUnits(units);
    expect([held.holds('a'), held.documents]).toEqual([true, 1]);
    expect(held.holdsRange('a', { first: 0, end: 1_000_000 })).toBe(true);
  }
});

it('joins ranges that meet, in the order of the document, so that a list of them is as short as it can be', () => {
  fc.assert(
    fc.property(shares, (dealt) => {
      const tokens = dealt.flatMap((share, token) => (share === 'none' ? [] : [token]));
      const [first, second] = ['first', 'second'].map((part) =>
        rangesOf(tokens.filter((token) => dealt[token] === part)),
      );
      const joined = joinHeld(second!, first!)!;
      expect(tokensOf(joined)).toEqual(tokens);
      const gaps = tokens.filter((token, index) => index === 0 || tokens[index - 1] !== token - 1);
      expect(joined.map((range) => range.first)).toEqual(gaps);
      expect(readRanges(writeRanges(joined))).toEqual(joined);
    }),
  );
  expect([joinHeld(null, []), joinHeld([], null)]).toEqual([null, null]);
});

it('is written as ranges, and reads nothing else', () => {
  const held = [
    { first: 0, end: 31 },
    { first: 62, end: 93 },
  ];
  expect(unitName({ key: 'a.txt', held })).toBe('a.txt[0:31,62:93]');
  expect(unitName({ key: 'a.txt', held: null })).toBe('a.txt');
  expect(readRanges('')).toEqual([]);
  for (const text of ['1', '1:', ':1', '1:2,', 'x1:2', '1:2x', '-1:2', '1:2 3:4'])
    expect(() => readRanges(text), text).toThrow('what it holds of a document is not as it should be');
});
