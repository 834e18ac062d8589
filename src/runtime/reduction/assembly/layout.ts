import { BLOCK_LENGTH, CONTEXT_LENGTH, CONTEXT_RADIUS, State, SUPER_BIN_COUNT } from './summary';
export * from './summary';

/** How far to shift a row for the number of its block. */
export const BLOCK_SHIFT: i32 = 6;
/** Rows of the tile: those of 16 blocks. */
export const TILE_LENGTH: i32 = 16 * BLOCK_LENGTH;
/** Neurons of a tile: as many float32 as two lines of the cache hold, which it fetches together. */
export const TILE_WIDTH: i32 = 32;
/** Columns of the tile, with room behind so that those of all neurons do not fight for one place in the cache. */
export const COLUMN_BYTES: i32 = TILE_LENGTH * 4 + 64;
export const CHOSEN_BYTES: i32 = 2 * TILE_LENGTH + 64;
/** Bins of an octave, and of the two highest ones (core/stats/octaveBins.ts). */
export const COARSE: i32 = 16;
export const FINE: i32 = 64;
export const COARSE_OCTAVES: i32 = 13;
/** How many bins away from 0 the two highest octaves begin. */
export const FINE_FROM: i32 = COARSE_OCTAVES * COARSE;
export const ZERO_BIN: i32 = FINE_FROM + 2 * FINE;
export const BIN_COUNT: i32 = 2 * ZERO_BIN;
export const BIN_BYTES: i32 = BIN_COUNT * 4;
export const LIMIT_BYTES: i32 = SUPER_BIN_COUNT * 4;
export const CONTEXT_BYTES: i32 = CONTEXT_LENGTH * 2;
/** Tokens of a block with its neighbours. */
export const SOURCE_LENGTH: i32 = BLOCK_LENGTH + 2 * CONTEXT_RADIUS;
/** In `document`, marks a slot that holds nothing. */
export const EMPTY_SLOT: u32 = u32.MAX_VALUE;

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
  used: usize;
  worst: usize;
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

/** Up to 64 consecutive tokens of a window, of which those of the population are rows. */
@unmanaged
export class Block {
  /** Rows. */
  length: i32;
  document: u32;
  firstToken: u32;
  /** Tokens from this one on, counted from the first, have neighbours on the right that are still to come. */
  openFrom: i32;
}
const BLOCK_BYTES: i32 = 4 * 4;

/** Room that all sites share, as addresses in the order of `scratchColumns` in ../scratchColumns.ts. */
@unmanaged
export class Scratch {
  /** [16] `Block`s. */
  blocks: usize;
  /** [blocks × 80] the address of each token's row, from 8 before the block to 8 behind it; of NaN where there is none. */
  sources: usize;
  /** [rows] the address of each row; behind a block's last one it is repeated, as they are read in fours. */
  rows: usize;
  /** [rows] the token of each, counted from its block's first. */
  offsets: usize;
  /** [rows] whether the 8 rows on either side are the tokens on either side. */
  surrounded: usize;
  /** [rows] */
  hashes: usize;
  /** [rows] the highest byte of each hash. */
  hashBytes: usize;
  column: Column;
  sums: Sums;
  /** [16] the smallest and the largest finite value in each block of the column; the wrong way round where none is. */
  blockMin: usize;
  blockMax: usize;
  /** [32 × rows] the values of the tile's neurons, by neuron. */
  tile: usize;
  /** [32 × rows] their bins as 16-bit numbers, those of values that are not finite left out. */
  chosen: usize;
  /** [32] how many each neuron has. */
  chosenCounts: usize;
  counting: Counting;
  /** [17] the values around a token. */
  around: usize;
  /** [32] a neuron's slots in order, and what stands in them: value, document, token, context in turns. */
  order: usize;
  unsorted: usize;
  /** Places whose right neighbours are still to come: their number, then document, neuron · 4 + selection, token, slot in turns. */
  open: usize;
}

/** One neuron's values. */
@unmanaged
export class Column {
  neuron: i32;
  /** [rows], a column of the tile. */
  values: usize;
  /** [rows], a column of `chosen`. */
  chosen: usize;
}

/** Four neighbouring neurons whose bins are being counted (counting.ts). */
@unmanaged
export class Counting {
  /** Where the first one's bins begin. */
  bins: usize;
  /** Where the next of its chosen bins stands, and the end of those rows that all four have. */
  row: usize;
  end: usize;
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
  /** Values, and those of them that are finite, and positive. */
  length: i32;
  count: i32;
  positive: i32;
}

/** The block of a number. */
export function blockAt(scratch: Scratch, number: i32): Block {
  return changetype<Block>(scratch.blocks + <usize>(number * BLOCK_BYTES));
}

/** Where a block's values begin in the column. */
export function valuesOf(column: Column, block: i32): usize {
  return column.values + ((<usize>(block * BLOCK_LENGTH)) << 2);
}
