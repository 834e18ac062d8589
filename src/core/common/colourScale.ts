/**
 * The one diverging scale of every surface (docs/design.md, The diverging scale): tokens, chips, chart bars and
 * editor decorations take the same step for the same value.
 */

/** Steps a sign; step 0 has no colour. */
export const COLOUR_STEPS = 8;

/** How a value becomes a step: in proportion, or by the square root, which shows weak values. */
export type ColourScale = 'linear' | 'square-root';

/**
 * Step of a value, −8 … 8: sign(v) · ⌊8 t + ½⌋ with t = |v|/R, or its square root.
 * @param range R = max(|min|, |max|) of the neuron in the profile
 * @returns 0 for whatever is not to be coloured: near zero, missing, not finite, or no range
 */
export function colourStep(value: number | null, range: number, scale: ColourScale = 'linear'): number {
  if (value === null || !Number.isFinite(value) || !(range > 0)) return 0;
  const share = Math.min(1, Math.abs(value) / range);
  const step = Math.floor(COLOUR_STEPS * (scale === 'linear' ? share : Math.sqrt(share)) + 0.5);
  return step === 0 ? 0 : Math.sign(value) * step;
}

/** R of the scale: the larger size of the two extremes, 0 where they are not known. */
export function colourRange(min: number | null, max: number | null): number {
  return Math.max(Math.abs(min ?? 0), Math.abs(max ?? 0));
}
