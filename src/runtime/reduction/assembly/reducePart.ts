import { countBins } from './bins';
import { reduceColumn } from './column';
import { BLOCK_LENGTH, COLUMN_BYTES, Scratch, Site, TILE_WIDTH } from './layout';
import { fillPartOfTile, fillTile } from './tile';

/**
 * Brings a site up to date with the part of a window that stands in the scratch. Sixteen neurons see all its blocks
 * before the next sixteen do, so that what is kept of them stays in the cache. test/unit/stats/plainReduction.ts does
 * the same in plain TypeScript, block by block.
 */
export function reducePart(site: Site, scratch: Scratch, neurons: i32): void {
  const part = scratch.part;
  for (let first = 0; first < neurons; first += TILE_WIDTH) {
    for (let block = 0; block < part.blocks; block++) {
      reduceTile(site, scratch, first, min(TILE_WIDTH, neurons - first), block);
    }
  }
}

function reduceTile(site: Site, scratch: Scratch, first: i32, width: i32, block: i32): void {
  const part = scratch.part;
  const column = scratch.column;
  const rows = <usize>(block * BLOCK_LENGTH);
  const length = load<i32>(scratch.lengths + ((<usize>block) << 2));
  column.length = length;
  column.indexes = scratch.indexes + (rows << 2);
  column.hashes = scratch.hashes + (rows << 2);
  column.hashBytes = scratch.hashBytes + rows;
  if (width == TILE_WIDTH) fillTile(scratch, column.indexes, first, length);
  else fillPartOfTile(scratch, column.indexes, first, width, length);
  for (let lane = 0; lane < TILE_WIDTH; lane++) {
    column.neuron = first + lane;
    column.values = scratch.tile + <usize>(lane * COLUMN_BYTES);
    column.chosen = scratch.chosen + <usize>(lane * BLOCK_LENGTH);
    const chosen = lane < width ? reduceColumn(site, scratch) : 0;
    store<i32>(scratch.chosenCounts + ((<usize>lane) << 2), chosen);
  }
  for (let lane = 0; lane < width; lane += 4) countBins(site.state, scratch, first, lane);
}
