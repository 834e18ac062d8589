import { expect, it } from 'vitest';
import { fromFloat16, toFloat16 } from '../../../src/core/stats/float16';

function halfOf(value: number): number {
  return toFloat16(new Uint32Array(Float32Array.of(value).buffer)[0]!);
}

/** Every finite half-precision number in ascending order, from the definition of the format. */
const FINITE = Array.from({ length: 0x7c00 }, (_, bits) => {
  const exponent = bits >> 10;
  const fraction = bits & 0x3ff;
  return exponent === 0 ? (fraction / 1024) * 2 ** -14 : (1 + fraction / 1024) * 2 ** (exponent - 15);
});

it('reads every number as the format defines it', () => {
  const wrong = FINITE.filter(
    (value, bits) => !Object.is(fromFloat16(bits), value) || !Object.is(fromFloat16(bits | 0x8000), -value),
  );
  expect(wrong).toEqual([]);
  expect(fromFloat16(0x7c00)).toBe(Infinity);
  expect(fromFloat16(0xfc00)).toBe(-Infinity);
  expect(fromFloat16(0x7e00)).toBe(NaN);
});

it('rounds to the nearest number, ties to even, on both sides of 0', () => {
  const wrong = FINITE.slice(0, -1).filter((value, bits) => {
    const next = FINITE[bits + 1]!;
    const middle = (value + next) / 2;
    const nudge = 2 ** (Math.floor(Math.log2(next)) - 23);
    return (
      halfOf(value) !== bits ||
      halfOf(-value) !== (bits | 0x8000) ||
      halfOf(middle) !== bits + (bits % 2) ||
      halfOf(middle - nudge) !== bits ||
      halfOf(middle + nudge) !== bits + 1
    );
  });
  expect(wrong).toEqual([]);
});

it('overflows to infinity from 65,520 on and keeps NaN', () => {
  expect(halfOf(65519.996)).toBe(0x7bff);
  expect(halfOf(65520)).toBe(0x7c00);
  expect(halfOf(-3e38)).toBe(0xfc00);
  expect(halfOf(Infinity)).toBe(0x7c00);
  expect(fromFloat16(halfOf(NaN))).toBe(NaN);
});
