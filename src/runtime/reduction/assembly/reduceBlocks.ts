import { countBins } from './bins';
import { CHOSEN_BYTES, COLUMN_BYTES, Scratch, Site, TILE_WIDTH } from './layout';
import { reduceNeuron } from './neuron';
import { fillPartOfTile, fillTile } from './tile';

/**
 * Brings a site up to date with the blocks that stand in the scratch, a tile of neurons at a time, so that what is kept
 * of them is fetched into the cache once for all blocks. test/unit/stats/plainReduction.ts does the same in plain
 * TypeScript, block by block.
 */
export function reduceBlocks(site: Site, scratch: Scratch, neurons: i32, blocks: i32): void {
  for (let first = 0; first < neurons; first += TILE_WIDTH) {
    const width = min(TILE_WIDTH, neurons - first);
    for (let block = 0; block < blocks; block++) {
      if (width == TILE_WIDTH) fillTile(scratch, block, first);
      else fillPartOfTile(scratch, block, first, width);
    }
    reduceTile(site, scratch, first, width, blocks);
  }
}

function reduceTile(site: Site, scratch: Scratch, first: i32, width: i32, blocks: i32): void {
  const column = scratch.column;
  for (let lane = 0; lane < TILE_WIDTH; lane++) {
    column.neuron = first + lane;
    column.values = scratch.tile + <usize>(lane * COLUMN_BYTES);
    column.chosen = scratch.chosen + <usize>(lane * CHOSEN_BYTES);
    const chosen = lane < width ? reduceNeuron(site, scratch, blocks) : 0;
    store<i32>(scratch.chosenCounts + ((<usize>lane) << 2), chosen);
  }
  for (let lane = 0; lane < width; lane += 4) countBins(site.state, scratch, first, lane);
}
