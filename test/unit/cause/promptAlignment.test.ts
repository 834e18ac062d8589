import { describe, expect, it } from 'vitest';
import { randomOf, wholeBelow } from '../../../src/core/common/random';
import { alignTokens, pairsAt, unlikeTokens } from '../../../src/core/cause/promptAlignment';

/** Length of a longest common subsequence, by trying all subsequences of the one. */
function longestCommon(from: readonly number[], to: readonly number[]): number {
  let longest = 0;
  for (let chosen = 0; chosen < 2 ** from.length; chosen++) {
    const kept = from.filter((_, at) => (chosen >> at) & 1);
    let reached = 0;
    for (const token of to) if (token === kept[reached]) reached++;
    if (reached === kept.length) longest = Math.max(longest, kept.length);
  }
  return longest;
}

const pairsOf = (from: readonly number[], to: readonly number[]): [number, number][] =>
  alignTokens(from, to).map((pair) => [pair.from, pair.to]);

describe('aligned tokens', () => {
  it('hold a longest common subsequence, in the order of both', () => {
    const random = randomOf('prompts');
    for (let round = 0; round < 400; round++) {
      const prompt = (): number[] =>
        Array.from({ length: wholeBelow(random, 10) }, () => wholeBelow(random, 4));
      const [from, to] = [prompt(), prompt()];
      const pairs = alignTokens(from, to);
      const equal = pairs.filter((pair) => from[pair.from] === to[pair.to]);
      expect([from, to, equal.length]).toEqual([from, to, longestCommon(from, to)]);
      for (const side of ['from', 'to'] as const) {
        const places = pairs.map((pair) => pair[side]);
        expect(places).toEqual([...new Set(places)].sort((a, b) => a - b));
      }
      expect(unlikeTokens(from, to).filter((unlike) => !unlike)).toHaveLength(equal.length);
      expect(unlikeTokens(to, from).filter((unlike) => !unlike)).toHaveLength(equal.length);
    }
  });

  it('are as many with as many between equal ones, and none where the numbers differ', () => {
    expect(pairsOf([1, 2, 3, 9, 4], [1, 5, 6, 9, 7])).toEqual([
      [0, 0],
      [1, 1],
      [2, 2],
      [3, 3],
      [4, 4],
    ]);
    expect(pairsOf([1, 2, 3, 9], [1, 5, 9])).toEqual([
      [0, 0],
      [3, 2],
    ]);
    expect(pairsOf([8, 1, 2], [1, 2])).toEqual([
      [1, 0],
      [2, 1],
    ]);
    expect(pairsOf([], [1])).toEqual([]);
    expect(pairsOf([1, 2], [3, 4])).toEqual([
      [0, 0],
      [1, 1],
    ]);
  });

  it('are all, those that differ, or the last of each', () => {
    const [from, to] = [
      [1, 2, 3, 4],
      [1, 5, 3],
    ];
    expect(pairsAt('aligned', from, to)).toHaveLength(3);
    expect(pairsAt('differing', from, to)).toEqual([{ from: 1, to: 1 }]);
    expect(pairsAt('last', from, to)).toEqual([{ from: 3, to: 2 }]);
    expect(pairsAt('last', [], to)).toEqual([]);
  });

  it('of two long prompts that have nothing in common are as many with as many', () => {
    const long = (from: number) => Array.from({ length: 5000 }, (_, at) => from + at);
    expect(alignTokens(long(0), long(10_000))).toHaveLength(5000);
    expect(alignTokens(long(0), [...long(0), 7, 8])).toHaveLength(5000);
  });
});
