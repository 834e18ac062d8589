import { describe, expect, it } from 'vitest';
import {
  listedToken,
  quotedTokens,
  strongestTokens,
  tokenGroup,
  tokenLine,
  tokensByMass,
  type PlacedToken,
} from '../../../src/core/stats/strongestTokens';

const place = (text: string, value: number, tokenId = 7): PlacedToken => ({ text, value, tokenId });

/** A small generator of its own, so that the draws are the same everywhere. */
function drawing(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * below);
  };
}

describe('the strongest tokens of some places', () => {
  it('are those that counting by hand gives, whatever the places', () => {
    const spellings = [' The', 'the', 'THE ', ' a', 'A', '.', '."', '\n', ' ', '  ', 'ß', 'SS', 'é', 'É'];
    for (let seed = 1; seed <= 200; seed++) {
      const draw = drawing(seed);
      const places = Array.from({ length: 1 + draw(40) }, () => {
        const at = draw(spellings.length);
        // Powers of two add up without rounding, in whatever order.
        return place(spellings[at]!, (draw(2) === 0 ? 1 : -1) * 2 ** (draw(6) - 3), at);
      });
      const total = places.reduce((sum, { value }) => sum + Math.abs(value), 0);
      const found = tokensByMass(places);
      const seen = new Set<PlacedToken>();
      for (const { token, share, count } of found) {
        const same = places.filter(({ text }) =>
          token.trim() === '' ? text === token : text.trim().toLowerCase() === token.trim().toLowerCase(),
        );
        same.forEach((one) => seen.add(one));
        const mass = same.reduce((sum, { value }) => sum + Math.abs(value), 0);
        expect([count, share]).toEqual([same.length, mass / total]);
        const massOf = (text: string): number =>
          same.filter((one) => one.text === text).reduce((sum, { value }) => sum + Math.abs(value), 0);
        for (const { text } of same) expect(massOf(token)).toBeGreaterThanOrEqual(massOf(text));
      }
      expect(seen.size).toBe(places.length);
      expect(found.map(({ share }) => share)).toEqual(found.map(({ share }) => share).sort((a, b) => b - a));
      expect(strongestTokens(places)).toEqual(found.slice(0, 3));
      expect(tokensByMass([...places].reverse())).toEqual(found);
    }
  });

  it('count case and white space around a word as one, white space alone for itself', () => {
    const group = (text: string, tokenId = 1): string => tokenGroup({ text, tokenId });
    expect(group(' The')).toBe(group('the'));
    expect(group('the\n')).toBe(group('THE'));
    expect(group('\n')).not.toBe(group('\n\n'));
    expect(group(' ')).not.toBe(group('\n'));
    expect(group('."')).not.toBe(group('.'));
    expect(group('', 4)).not.toBe(group('', 5));
    expect(group('#4')).not.toBe(group('', 5));
  });

  it('go before others of the same mass by their largest value, then by their letters', () => {
    const tokens = (places: readonly PlacedToken[]): string[] =>
      tokensByMass(places).map(({ token }) => token);
    expect(tokens([place('b', 1), place('b', 1), place('a', 2)])).toEqual(['a', 'b']);
    expect(tokens([place('b', 2), place('a', 2)])).toEqual(['a', 'b']);
    expect(tokens([place('b', -3), place('a', 2)])).toEqual(['b', 'a']);
  });

  it('are none where there is no mass', () => {
    expect(tokensByMass([])).toEqual([]);
    expect(tokensByMass([place('a', 0)])).toEqual([]);
  });
});

describe('a token in a list', () => {
  it('has its spaces and breaks shown, hidden characters signed, and its length bounded', () => {
    expect(listedToken({ token: ' to', tokenId: 1 })).toBe('·to');
    expect(listedToken({ token: '\n ', tokenId: 1 })).toBe('⏎·');
    expect(listedToken({ token: '\u202eab', tokenId: 1 })).toBe('‹U+202E›ab');
    expect(listedToken({ token: '', tokenId: 262 })).toBe('#262');
    const long = listedToken({ token: '😀'.repeat(30), tokenId: 1 });
    expect(Array.from(long)).toHaveLength(24);
    expect(long).toBe(`${'😀'.repeat(23)}…`);
    expect(
      quotedTokens([place(' a', 1), place('.', 1)].map(({ text: token, tokenId }) => ({ token, tokenId }))),
    ).toBe('“·a” and “.”');
    expect(
      tokenLine([
        { token: ' a', tokenId: 1 },
        { token: '', tokenId: 9 },
      ]),
    ).toBe('·a #9');
  });
});
