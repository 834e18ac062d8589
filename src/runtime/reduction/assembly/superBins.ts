import { SUPER_BIN_COUNT } from './layout';

/** Super-bins on either side of 0. */
const MIDDLE: i32 = SUPER_BIN_COUNT / 2;
/** Quarters of an octave, counted from 0 away, below which all share one super-bin. */
const FINE_FROM: i32 = 48;

/** As core/stats/octaveBins.ts: the super-bin of a side, by the quarters from `FINE_FROM` − 1 on. */
function levels(): v128 {
  return i8x16(0, 1, 1, 1, 1, 2, 2, 3, 3, 4, 5, 6, 7, 7, 7, 7);
}

/**
 * The super-bins of sixteen values.
 * @param a of eight, and b of the other eight, the bin's number counted from 0 away on its side, as 16-bit numbers.
 * @param negativeA −1 where the value is negative, else 0; `negativeB` likewise.
 */
export function superBinsOf(a: v128, b: v128, negativeA: v128, negativeB: v128): v128 {
  const quarters = i8x16.narrow_i16x8_u(i16x8.shr_u(a, 2), i16x8.shr_u(b, 2));
  const level = i8x16.swizzle(levels(), i8x16.sub_sat_u(quarters, i8x16.splat(<i8>(FINE_FROM - 1))));
  const negative = i8x16.narrow_i16x8_s(negativeA, negativeB);
  return i8x16.add(v128.xor(level, negative), i8x16.splat(<i8>MIDDLE));
}

/** The super-bin of one bin, counted likewise. */
export function superBinOf(step: i32, isNegative: bool): i32 {
  const level = levelOf(step >> 2);
  return isNegative ? MIDDLE - 1 - level : MIDDLE + level;
}

/** Where a super-bin comes to lie when the range grows by so many octaves. */
export function foldedSuperBin(superBin: i32, octaves: i32): i32 {
  if (superBin < MIDDLE) return MIDDLE - 1 - levelOf(quarterOf(MIDDLE - 1 - superBin) - 4 * octaves);
  return MIDDLE + levelOf(quarterOf(superBin - MIDDLE) - 4 * octaves);
}

function levelOf(quarter: i32): i32 {
  if (quarter < 48) return 0;
  if (quarter < 52) return 1;
  if (quarter < 56) return 2 + ((quarter - 52) >> 1);
  return 4 + quarter - 56;
}

/** The first quarter of a level. */
function quarterOf(level: i32): i32 {
  if (level < 2) return 48 * level;
  return level < 4 ? 52 + 2 * (level - 2) : 56 + level - 4;
}
