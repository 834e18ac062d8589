/** Half-precision NaN: no activation is known there. */
export const NO_VALUE: u16 = 0x7e00;

/** The half-precision number nearest to a float32 given by its bits, as core/stats/float16.ts has it. */
export function toFloat16(bits: u32): u16 {
  const sign = (bits >> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return <u16>(sign | NO_VALUE);
  if (magnitude >= 0x477ff000) return <u16>(sign | 0x7c00);
  if (magnitude < 0x38800000) return <u16>(sign | subnormal(magnitude));
  const rebiased = magnitude - 0x38000000;
  return <u16>(sign | ((rebiased + 0xfff + ((rebiased >> 13) & 1)) >> 13));
}

/** Magnitudes under 2^−14: adding 1/2 to the value makes the float32 unit round at 2^−24, the half's last place. */
function subnormal(magnitude: u32): u32 {
  return reinterpret<u32>(reinterpret<f32>(magnitude) + 0.5) - 0x3f000000;
}
