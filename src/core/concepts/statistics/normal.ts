/** Highest power of the continued fraction: beyond 2 it has converged to float64 well before. */
const FRACTION_TERMS = 60;

/**
 * P(Z ≥ z) of the standard normal distribution, to 1e-12 relative also far out in the tail: the series of
 * Marsaglia (2004) near 0, Laplace's continued fraction beyond 2.
 */
export function normalTail(z: number): number {
  if (Number.isNaN(z)) return NaN;
  if (z < 0) return 1 - normalTail(-z);
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  if (z > 2) {
    let fraction = z;
    for (let term = FRACTION_TERMS; term > 0; term--) fraction = z + term / fraction;
    return density / fraction;
  }
  let [term, sum] = [z, z];
  for (let i = 3; sum + term !== sum; i += 2) {
    term *= (z * z) / i;
    sum += term;
  }
  return 0.5 - density * sum;
}

/** 97.5 % point of the normal distribution. */
const Z = 1.959963984540054;

/**
 * 97.5 % point of Student's t distribution, by the expansion of Fisher & Cornish (1960): off by less than 1e-3 from
 * five degrees of freedom on.
 */
export function studentLimit(degrees: number): number {
  const v = degrees;
  const g1 = (Z ** 3 + Z) / 4;
  const g2 = (5 * Z ** 5 + 16 * Z ** 3 + 3 * Z) / 96;
  const g3 = (3 * Z ** 7 + 19 * Z ** 5 + 17 * Z ** 3 - 15 * Z) / 384;
  const g4 = (79 * Z ** 9 + 776 * Z ** 7 + 1482 * Z ** 5 - 1920 * Z ** 3 - 945 * Z) / 92160;
  return Z + g1 / v + g2 / v ** 2 + g3 / v ** 3 + g4 / v ** 4;
}
