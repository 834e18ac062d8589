const scratch = new Float32Array(1);
const scratchBits = new Uint32Array(scratch.buffer);

/**
 * The bits of the half-precision number (IEEE 754) nearest to a float32 given by its bits, ties to even: 11 significant
 * bits, subnormals down to 2^−24; from 65,520 on the result is ±Infinity, and NaN stays NaN.
 */
export function toFloat16(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  if (magnitude < 0x38800000) return sign | subnormal(magnitude);
  const rebiased = magnitude - 0x38000000;
  return sign | ((rebiased + 0xfff + ((rebiased >>> 13) & 1)) >>> 13);
}

/** Magnitudes under 2^−14: adding 1/2 to the value makes the float32 unit round at 2^−24, the half's last place. */
function subnormal(magnitude: number): number {
  scratchBits[0] = magnitude;
  scratch[0] = scratch[0]! + 0.5;
  return scratchBits[0] - 0x3f000000;
}

/** The number that half-precision bits stand for. */
export function fromFloat16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
