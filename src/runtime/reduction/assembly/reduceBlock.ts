import { reduceColumn } from './column';
import { ROW_BYTES, Scratch, State, TILE_WIDTH } from './layout';
import { addSums, allFinite, fillBins, sumUp } from './tile';

/**
 * Brings a site's state up to date with a block of at most 64 rows, whose addresses and hashes are in the scratch,
 * sixteen neurons at a time. test/unit/stats/plainReduction.ts does the same in plain TypeScript.
 */
export function reduceBlock(state: State, scratch: Scratch, neurons: i32, length: i32): void {
  store<u32>(scratch.top, 0);
  store<u32>(scratch.bottom, 0);
  store<u32>(scratch.sample, 0);
  for (let first = 0; first < neurons; first += TILE_WIDTH) {
    const width = min(TILE_WIDTH, neurons - first);
    if (width == TILE_WIDTH) reduceTile(state, scratch, first, length);
    else reducePartOfTile(state, scratch, first, width, length);
  }
}

function reduceTile(state: State, scratch: Scratch, first: i32, length: i32): void {
  // Rows lie a power of two or nearly so apart, so that their lines fight for the same few places in the cache.
  for (let row = 0; row < length; row++) {
    const from = <usize>load<u32>(scratch.rows + ((<usize>row) << 2)) + ((<usize>first) << 2);
    const to = scratch.tile + <usize>(row * ROW_BYTES);
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
    v128.store(to, v128.load(from, 32), 32);
    v128.store(to, v128.load(from, 48), 48);
  }
  for (let lane = 0; lane < TILE_WIDTH; lane += 4) sumUp(state, scratch, first, lane, length);
  if (!allFinite(scratch)) {
    reduceColumns(state, scratch, first, TILE_WIDTH, length);
    return;
  }
  for (let lane = 0; lane < TILE_WIDTH; lane++) addSums(state, scratch, first + lane, lane, length);
  for (let lane = 0; lane < TILE_WIDTH; lane += 4) fillBins(state, scratch, first, lane, length);
}

function reducePartOfTile(state: State, scratch: Scratch, first: i32, width: i32, length: i32): void {
  for (let row = 0; row < length; row++) {
    const from = <usize>load<u32>(scratch.rows + ((<usize>row) << 2)) + ((<usize>first) << 2);
    memory.copy(scratch.tile + <usize>(row * ROW_BYTES), from, (<usize>width) << 2);
  }
  reduceColumns(state, scratch, first, width, length);
}

function reduceColumns(state: State, scratch: Scratch, first: i32, width: i32, length: i32): void {
  for (let lane = 0; lane < width; lane++) reduceColumn(state, scratch, first + lane, lane, length);
}
