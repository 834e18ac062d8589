import { COARSE_OCTAVES, FINE_FROM } from './layout';

/** Bits of a float32 below its key: sign, exponent and the highest seven bits of the mantissa, its upper half. */
const KEY_SHIFT: i32 = 16;
/** Keys of an octave. */
const OCTAVE: i32 = 128;
const EXPONENT_BIAS: i32 = 127;
/** A key without its sign. */
const SIZE_MASK: i32 = 0x7fff;

/**
 * A bin has two keys in the two highest octaves, and eight below. So its number is the larger of two lines over the
 * keys, which meet where the two octaves begin. Each begins so many keys below the highest octave:
 */
const FINE_KEYS: i32 = OCTAVE + 2 * FINE_FROM;
const COARSE_KEYS: i32 = (COARSE_OCTAVES + 1) * OCTAVE;

/** The key at which the highest octave of a range begins. */
export function highestKey(exponent: i32): i32 {
  return OCTAVE * (exponent + EXPONENT_BIAS);
}

/** The octave in which a value lies. */
export function exponentOf(value: f32): i32 {
  return ((reinterpret<i32>(value) >> 23) & 0xff) - EXPONENT_BIAS;
}

/** The keys of eight values, as 16-bit numbers. Adding 0 turns −0 into 0. */
export function keysOf(a: v128, b: v128): v128 {
  const zero = f32x4.splat(0);
  return i16x8.shuffle(f32x4.add(a, zero), f32x4.add(b, zero), 1, 3, 5, 7, 9, 11, 13, 15);
}

/** How many bins eight keys lie away from 0 on their sides. */
export function stepsOf(keys: v128, highest: i32): v128 {
  const sizes = v128.and(keys, i16x8.splat(<i16>SIZE_MASK));
  const fine = i16x8.sub_sat_u(sizes, i16x8.splat(<i16>(highest - FINE_KEYS)));
  const coarse = i16x8.sub_sat_u(sizes, i16x8.splat(<i16>(highest - COARSE_KEYS)));
  return i16x8.max_u(i16x8.shr_u(fine, 1), i16x8.shr_u(coarse, 3));
}

/** The same for one value. */
export function stepOf(value: f32, highest: i32): i32 {
  const above = ((reinterpret<i32>(value) >> KEY_SHIFT) & SIZE_MASK) - highest;
  return max(0, max((above + FINE_KEYS) >> 1, (above + COARSE_KEYS) >> 3));
}
