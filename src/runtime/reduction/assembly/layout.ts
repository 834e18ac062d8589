// Numbers that the reduction in TypeScript uses as well: src/core/stats/siteSummary.ts and ../scratchColumns.ts.

/** Rows of a block. */
export const BLOCK_LENGTH: i32 = 64;
/** Neurons of a tile: as many float32 as a cache line holds. */
export const TILE_WIDTH: i32 = 16;
export const COLUMN_BYTES: i32 = BLOCK_LENGTH * 4;
export const BIN_COUNT: i32 = 256;
export const BIN_BYTES: i32 = BIN_COUNT * 4;
export const ZERO_BIN: i32 = 128;
export const SUPER_BIN_COUNT: i32 = 16;
export const LIMIT_BYTES: i32 = SUPER_BIN_COUNT * 4;
export const EXTREME_COUNT: i32 = 32;
export const SAMPLES_PER_SUPER_BIN: i32 = 4;
export const CONTEXT_RADIUS: i32 = 8;
export const CONTEXT_LENGTH: i32 = 2 * CONTEXT_RADIUS + 1;
export const CONTEXT_BYTES: i32 = CONTEXT_LENGTH * 2;
/** In `document`, marks a slot that holds nothing. */
export const EMPTY_SLOT: u32 = u32.MAX_VALUE;

/** The columns of one site's state, as addresses in the order of `STATE_COLUMNS` in ../siteMemory.ts. */
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

/** Examples of all neurons, as addresses (core/stats/siteSummary.ts, ExampleStore). */
@unmanaged
export class Examples {
  value: usize;
  document: usize;
  token: usize;
  context: usize;
}

/** As core/stats/extremeSelection.ts keeps them. */
@unmanaged
export class Extremes extends Examples {
  threshold: usize;
  order: usize;
  used: usize;
}

/** As core/stats/sampleSelection.ts keeps them. */
@unmanaged
export class Samples extends Examples {
  hash: usize;
  limit: usize;
}

/** What is kept of one site. */
@unmanaged
export class Site {
  state: State;
  top: Extremes;
  bottom: Extremes;
  samples: Samples;
}

/** Some consecutive tokens of a window, at most eight blocks of them. */
@unmanaged
export class Part {
  blocks: i32;
  document: u32;
  firstToken: u32;
  /** Tokens from this one on, counted from the first, have neighbours on the right that are still to come. */
  openFrom: i32;
}

/** Room that all sites share, as addresses in the order of `scratchColumns` in ../scratchColumns.ts. */
@unmanaged
export class Scratch {
  part: Part;
  /** Address of the row of each token, from 8 before the first to 8 behind the last; of NaN where there is none. */
  sources: usize;
  /** [blocks] how many rows each has. */
  lengths: usize;
  /** [blocks × 64] the token of each row, counted from the part's first. */
  indexes: usize;
  /** [blocks × 64] */
  hashes: usize;
  /** [blocks × 64] the highest byte of each hash. */
  hashBytes: usize;
  column: Column;
  sums: Sums;
  /** [16 × 64] the values of sixteen neurons, by neuron. */
  tile: usize;
  /** [16 × 64] their bins, those of values that are not finite left out. */
  chosen: usize;
  /** [16] how many each neuron has. */
  chosenCounts: usize;
  /** Slots of one neuron's samples that a block changed: their number, then slot and token in turns. */
  sampled: usize;
  /** Places whose right neighbours are still to come: their number, then neuron · 4 + selection and token in turns. */
  open: usize;
}

/** One neuron's values in one block. */
@unmanaged
export class Column {
  neuron: i32;
  /** Rows. */
  length: i32;
  /** [64], a column of the tile. */
  values: usize;
  /** [64], a column of `chosen`. */
  chosen: usize;
  /** [64] each, the block's own part of what `Scratch` has of all blocks. */
  indexes: usize;
  hashes: usize;
  hashBytes: usize;
}

/** What is summed up of a column's finite values; d = value − shift. */
@unmanaged
export class Sums {
  shift: f64;
  /** Σd, Σd², Σd³, Σd⁴, Σ|value| */
  s1: f64;
  s2: f64;
  s3: f64;
  s4: f64;
  absolute: f64;
  min: f32;
  max: f32;
  count: i32;
  positive: i32;
}
