/** Half-precision NaN: no activation is known there. */
export const NO_VALUE: u16 = 0x7e00;

/**
 * The half-precision numbers nearest to eight float32, as core/stats/float16.ts has them.
 * @param low the first four, @param high the others, both as bits
 */
export function toFloat16(low: v128, high: v128): v128 {
  return i16x8.narrow_i32x4_u(halvesOf(low), halvesOf(high));
}

function halvesOf(bits: v128): v128 {
  const magnitude = v128.and(bits, i32x4.splat(0x7fffffff));
  const rebiased = i32x4.sub(magnitude, i32x4.splat(0x38000000));
  const even = v128.and(i32x4.shr_u(rebiased, 13), i32x4.splat(1));
  let half = i32x4.shr_u(i32x4.add(i32x4.add(rebiased, i32x4.splat(0xfff)), even), 13);
  // Magnitudes under 2^−14: adding 1/2 to the value makes the float32 unit round at 2^−24, the half's last place.
  const subnormal = i32x4.sub(f32x4.add(magnitude, f32x4.splat(0.5)), i32x4.splat(0x3f000000));
  half = v128.bitselect(subnormal, half, i32x4.lt_s(magnitude, i32x4.splat(0x38800000)));
  half = v128.bitselect(i32x4.splat(0x7c00), half, i32x4.ge_s(magnitude, i32x4.splat(0x477ff000)));
  half = v128.bitselect(i32x4.splat(NO_VALUE), half, i32x4.gt_s(magnitude, i32x4.splat(0x7f800000)));
  return v128.or(half, v128.and(i32x4.shr_u(bits, 16), i32x4.splat(0x8000)));
}
