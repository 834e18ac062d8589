import { BIN_COUNT } from './siteSummary';

/** Bin that begins at 0; the same number of bins lie on either side. */
export const ZERO_BIN = BIN_COUNT / 2;
/** Bin widths start at 2^−24, so that only neurons that never leave ±7.6e-6 stay there. */
export const START_EXPONENT = -24;

/** 2^−exponent for every exponent that a float32 can ask for, as the power operator is slow. */
const SCALES = Float64Array.from({ length: 160 }, (_, i) => 2 ** -(START_EXPONENT + i));

/** Bin of a finite value at a bin width of 2^exponent, between 0 and 255 once the exponent fits. */
export function binOf(value: number, exponent: number): number {
  return Math.floor(value * SCALES[exponent - START_EXPONENT]!) + ZERO_BIN;
}

/** Where a bin, counted from `zeroBin` at 0, comes to lie after its width doubled `doublings` times. */
export function pairedBin(bin: number, doublings: number, zeroBin: number): number {
  return Math.floor((bin - zeroBin) / 2 ** doublings) + zeroBin;
}
