import { COARSE, FINE_FROM, SUPER_BIN_COUNT } from './layout';

/** Super-bins on either side of 0. */
const MIDDLE: i32 = SUPER_BIN_COUNT / 2;
/** How far to shift a bin's number for that of its sixteen, which are a quarter of a fine octave, or a coarse one. */
const SIXTEEN_SHIFT: i32 = 4;
/** Sixteens below this share the super-bin next to 0. */
const SIXTEENS_FROM: i32 = FINE_FROM / COARSE - 1;

/** The super-bin of a side, by the sixteens from `SIXTEENS_FROM` − 1 on. */
function levels(): v128 {
  return i8x16(0, 1, 2, 2, 3, 3, 4, 5, 6, 7, 7, 7, 7, 7, 7, 7);
}

/**
 * The super-bins of sixteen values.
 * @param a of eight, and b of the other eight, the bin's number counted from 0 away on its side, as 16-bit numbers.
 * @param negativeA −1 where the value is negative, else 0; `negativeB` likewise.
 */
export function superBinsOf(a: v128, b: v128, negativeA: v128, negativeB: v128): v128 {
  const sixteens = i8x16.narrow_i16x8_u(i16x8.shr_u(a, SIXTEEN_SHIFT), i16x8.shr_u(b, SIXTEEN_SHIFT));
  const above = i8x16.sub_sat_u(sixteens, i8x16.splat(<i8>(SIXTEENS_FROM - 1)));
  const negative = i8x16.narrow_i16x8_s(negativeA, negativeB);
  return i8x16.add(v128.xor(i8x16.swizzle(levels(), above), negative), i8x16.splat(<i8>MIDDLE));
}

/** The super-bin of one bin, counted likewise. */
export function superBinOf(step: i32, isNegative: bool): i32 {
  const above = (step >> SIXTEEN_SHIFT) - SIXTEENS_FROM;
  const level = above < 1 ? max(0, above + 1) : above < 5 ? 2 + ((above - 1) >> 1) : above - 1;
  return isNegative ? MIDDLE - 1 - level : MIDDLE + level;
}

/** Where a super-bin, all of which are of one width, comes to lie when the range grows by so many octaves. */
export function foldedSuperBin(superBin: i32, octaves: i32): i32 {
  const halvings = min(octaves, 31);
  return superBin < MIDDLE
    ? MIDDLE - 1 - ((MIDDLE - 1 - superBin) >> halvings)
    : MIDDLE + ((superBin - MIDDLE) >> halvings);
}
