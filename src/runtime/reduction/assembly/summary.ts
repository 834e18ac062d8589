// Written by tools/build/reductionKernel.mjs from src/core/stats/: do not edit.

export const BLOCK_LENGTH: i32 = 64;
export const SUPER_BIN_COUNT: i32 = 16;
export const SAMPLES_PER_SUPER_BIN: i32 = 4;
export const EXTREME_COUNT: i32 = 32;
export const CONTEXT_RADIUS: i32 = 8;
export const CONTEXT_LENGTH: i32 = 17;

/** The addresses of a site's columns, in the order of core/stats/distributionColumns.ts. */
@unmanaged
export class State {
  count: usize;
  nonFinite: usize;
  positive: usize;
  absoluteSum: usize;
  mean: usize;
  m2: usize;
  m3: usize;
  m4: usize;
  min: usize;
  max: usize;
  exponent: usize;
  bins: usize;
}
