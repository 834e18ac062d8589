import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findPlace } from '../../../src/vscode/places/findPlace';

const text = 'one two\nthree two\nfour two five\n';
/** " two" of the second line. */
const place = { start: 13, end: 17, line: 2, column: 6, token: ' two' };

describe('finding an example in a file', () => {
  it('takes the place itself where the file is as it was', () => {
    const found = findPlace(text, place);
    expect(found).toEqual({ start: 13, end: 17, how: 'exact' });
    expect(text.slice(found.start, found.end)).toBe(' two');
  });

  it('trusts line and column where line ends have become longer', () => {
    const windows = text.replaceAll('\n', '\r\n');
    const found = findPlace(windows, place);
    expect(found.how).toBe('exact');
    expect(windows.slice(0, found.end)).toBe('one two\r\nthree two');
  });

  it('trusts the offset of a place whose line is not known', () => {
    expect(findPlace(text, { ...place, line: 1, column: 1 })).toEqual({ start: 13, end: 17, how: 'exact' });
  });

  it('goes to the nearest place that reads alike where the file changed', () => {
    const changed = `nothing at all\n${text}`;
    const found = findPlace(changed, place);
    expect(found).toEqual({ start: 18, end: 22, how: 'nearest' });
    expect(changed.slice(0, found.end)).toBe('nothing at all\none two');
  });

  it('goes to the line where the token is gone', () => {
    expect(findPlace('one\nthree and more\n', place)).toEqual({ start: 9, end: 9, how: 'lost' });
  });

  it('stays within a file that became shorter', () => {
    expect(findPlace('one', place)).toEqual({ start: 3, end: 3, how: 'lost' });
  });

  it('counts columns in UTF-16 code units, as editors do', () => {
    const emoji = 'a 😀 é b\n';
    expect(findPlace(emoji, { start: 7, end: 8, line: 1, column: 8, token: 'b' })).toEqual({
      start: 7,
      end: 8,
      how: 'exact',
    });
  });

  it('selects as much as was profiled where the token has no characters of its own', () => {
    expect(findPlace(text, { ...place, token: '' })).toEqual({ start: 13, end: 17, how: 'exact' });
  });

  it('goes where a search of every offset finds the token nearest, in any text', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '\n'), maxLength: 30 });
    const number = fc.integer({ min: 1, max: 12 });
    fc.assert(
      fc.property(
        letters,
        fc.constantFrom('a', 'ab', 'b\n'),
        number,
        number,
        number,
        (now, token, line, column, start) => {
          const lines = now.split('\n');
          const before = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
          const here = line > lines.length ? now.length : Math.min(now.length, before + column - 1);
          const offsets = Array.from(now, (_, offset) => offset).filter((offset) =>
            now.startsWith(token, offset),
          );
          const nearest = offsets.sort((a, b) => Math.abs(a - here) - Math.abs(b - here) || a - b)[0];
          const exact = [here, start].find((offset) => offsets.includes(offset));
          const at = exact ?? nearest ?? here;
          expect(findPlace(now, { start, end: start + token.length, line, column, token })).toEqual({
            start: at,
            end: nearest === undefined ? at : at + token.length,
            how: exact !== undefined ? 'exact' : nearest !== undefined ? 'nearest' : 'lost',
          });
        },
      ),
      { numRuns: 1000 },
    );
  });
});
