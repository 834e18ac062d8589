// Numbers that the reduction in TypeScript uses as well: src/core/stats/siteSummary.ts and ../kernelMemory.ts.

/** Rows of a block. */
export const BLOCK_LENGTH: i32 = 64;
/** Neurons of a tile: as many float32 as a cache line holds. */
export const TILE_WIDTH: i32 = 16;
export const ROW_BYTES: i32 = TILE_WIDTH * 4;
export const BIN_COUNT: i32 = 256;
export const BIN_BYTES: i32 = BIN_COUNT * 4;
export const ZERO_BIN: i32 = 128;
export const LIMIT_COUNT: i32 = 16;
export const LIMIT_BYTES: i32 = LIMIT_COUNT * 4;

/** The columns of one site's state, as addresses in the order of `STATE_COLUMNS` in ../kernelMemory.ts. */
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
  topThreshold: usize;
  bottomThreshold: usize;
  sampleLimit: usize;
}

/** What all sites share, as addresses in the order of `SCRATCH_COLUMNS` in ../kernelMemory.ts. */
@unmanaged
export class Scratch {
  /** [64] address of each row of the block. */
  rows: usize;
  /** [64] */
  hashes: usize;
  /** [64 × 16] the tile's values, by row. */
  tile: usize;
  /** [6 × 16] float64: shift, Σd, Σd², Σd³, Σd⁴, Σ|v|, by neuron of the tile. */
  sums: usize;
  /** [3 × 16] float32, float32 and int32: min, max, positive. */
  ends: usize;
  /** Lists of candidates: the count, then the entries. */
  top: usize;
  bottom: usize;
  sample: usize;
}
