/** Count, mean and sums of powers of the deviations from the mean: one entry a neuron. */
export interface Moments {
  readonly count: Float64Array;
  readonly mean: Float64Array;
  readonly m2: Float64Array;
  readonly m3: Float64Array;
  readonly m4: Float64Array;
}

/**
 * Adds the moments of further values to those of one neuron, in float64.
 * Formulas: Chan, Golub & LeVeque 1983 for m2; Pébay 2008 (SAND2008-6212), equations 2.1 and 3.1, for m3 and m4.
 */
export function addMoments(
  to: Moments,
  neuron: number,
  count: number,
  mean: number,
  m2: number,
  m3: number,
  m4: number,
): void {
  if (count === 0) return;
  const before = to.count[neuron]!;
  const total = before + count;
  const delta = mean - to.mean[neuron]!;
  const step = delta / total;
  const product = delta * step * before * count;
  const m2Before = to.m2[neuron]!;
  const m3Before = to.m3[neuron]!;
  to.count[neuron] = total;
  to.mean[neuron] = before === 0 ? mean : to.mean[neuron]! + step * count;
  to.m2[neuron] = m2Before + m2 + product;
  to.m3[neuron] =
    m3Before + m3 + product * step * (before - count) + 3 * step * (before * m2 - count * m2Before);
  to.m4[neuron] =
    to.m4[neuron]! +
    m4 +
    product * step * step * (before * before - before * count + count * count) +
    6 * step * step * (before * before * m2 + count * count * m2Before) +
    4 * step * (before * m3 - count * m3Before);
}
