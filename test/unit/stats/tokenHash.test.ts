import { expect, it } from 'vitest';
import { tokenHash, uniformOf } from '../../../src/core/stats/tokenHash';

it('is the same on every machine', () => {
  const hash = tokenHash(1, 'docs/a.md');
  // The same arithmetic in Python's unbounded integers, masked to 32 bits.
  expect([0, 1, 2, 1000000].map(hash)).toEqual([3650518601, 3453943583, 3201942282, 3776037330]);
  expect(tokenHash(2, 'docs/a.md')(0)).not.toBe(hash(0));
  expect(tokenHash(1, 'docs/b.md')(0)).not.toBe(hash(0));
});

it.each(['tokens of a document', 'documents'])('spreads %s evenly', (kind) => {
  const count = 64_000;
  const cells = new Array<number>(64).fill(0);
  const seen = new Set<number>();
  const draws = new Array<number>(64).fill(0);
  const hash = tokenHash(1, 'one');
  for (let i = 0; i < count; i++) {
    const value = kind === 'documents' ? tokenHash(1, `text/${i}.md`)(0) : hash(i);
    cells[Math.floor(value / 2 ** 26)]!++;
    draws[Math.floor(uniformOf(value) * 64)]!++;
    seen.add(value);
  }
  const chiSquared = (counts: number[]) =>
    counts.reduce((sum, cell) => sum + (cell - count / 64) ** 2 / (count / 64), 0);
  // 63 degrees of freedom: 103 is passed once in a thousand times.
  expect(chiSquared(cells)).toBeLessThan(103);
  expect(chiSquared(draws)).toBeLessThan(103);
  expect(seen.size).toBeGreaterThan(count - 10);
});
