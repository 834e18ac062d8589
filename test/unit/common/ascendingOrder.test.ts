import { assert, double, float64Array, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ascendingOrder } from '../../../src/core/common/ascendingOrder';

/** The order by the language's own sort, which is stable. */
function byComparison(numbers: Float64Array | Float32Array): number[] {
  const orderOf = (a: number, b: number) => (a < b ? -1 : a > b ? 1 : 0);
  return [...numbers.keys()].sort((i, j) => orderOf(numbers[i]!, numbers[j]!));
}

describe('ascendingOrder', () => {
  it('is the order by comparison for whatever numbers', () => {
    assert(
      property(float64Array({ noNaN: true, maxLength: 200 }), (numbers) => {
        expect([...ascendingOrder(numbers)]).toEqual(byComparison(numbers));
        const single = Float32Array.from(numbers);
        expect([...ascendingOrder(single)]).toEqual(byComparison(single));
      }),
    );
  });

  it('keeps equal numbers as they come, both zeros among them', () => {
    const numbers = Float64Array.of(1, 0, -0, Infinity, 1, -1, 0, -Infinity, -0, -1);
    expect([...ascendingOrder(numbers)]).toEqual([7, 5, 9, 1, 2, 6, 8, 0, 4, 3]);
    expect(ascendingOrder(Float32Array.from(numbers))).toEqual(ascendingOrder(numbers));
  });

  it('sorts numbers that differ in their last bits alone', () => {
    assert(
      property(double({ min: 1, max: 2, noNaN: true }), (number) => {
        const numbers = Float64Array.of(number + 2 * Number.EPSILON, number, number + Number.EPSILON);
        expect([...ascendingOrder(numbers)]).toEqual(byComparison(numbers));
      }),
    );
  });

  it('has nothing to say of no numbers', () => {
    expect(ascendingOrder(new Float64Array())).toHaveLength(0);
  });
});
