import { beginCounting, finishCounting } from './counting';
import { fetchNeuron, fetchTile } from './fetchAhead';
import { CHOSEN_BYTES, COLUMN_BYTES, Scratch, Site, TILE_WIDTH } from './layout';
import { reduceNeuron } from './neuron';
import { fillNarrowTile, fillTile } from './tile';

/**
 * Brings a site up to date with the blocks that stand in the scratch, a tile of neurons at a time, so that what is kept
 * of them is fetched into the cache once for all blocks. test/unit/stats/plainReduction.ts does the same in plain
 * TypeScript, block by block.
 */
export function reduceBlocks(site: Site, scratch: Scratch, neurons: i32, blocks: i32): void {
  scratch.counting.row = scratch.counting.end = 0;
  for (let first = 0; first < neurons; first += TILE_WIDTH) {
    const width = min(TILE_WIDTH, neurons - first);
    for (let block = 0; block < blocks; block++) {
      if (width == TILE_WIDTH) fillTile(scratch, block, first);
      else fillNarrowTile(scratch, block, first, width);
    }
    reduceTile(site, scratch, first, width, blocks);
  }
  finishCounting(scratch);
}

function reduceTile(site: Site, scratch: Scratch, first: i32, width: i32, blocks: i32): void {
  fetchTile(site, first);
  for (let lane = 0; lane < width; lane += 4) {
    for (let next = lane; next < lane + 4; next++) {
      const chosen = next < width ? reduceLane(site, scratch, first, next, blocks) : 0;
      store<i32>(scratch.chosenCounts + ((<usize>next) << 2), chosen);
    }
    // Most rows have been counted while these four were summed up.
    finishCounting(scratch);
    beginCounting(site.state, scratch, first, lane);
  }
}

function reduceLane(site: Site, scratch: Scratch, first: i32, lane: i32, blocks: i32): i32 {
  const column = scratch.column;
  column.neuron = first + lane;
  column.values = scratch.tile + <usize>(lane * COLUMN_BYTES);
  column.chosen = scratch.chosen + <usize>(lane * CHOSEN_BYTES);
  fetchNeuron(site, column.neuron);
  return reduceNeuron(site, scratch, blocks);
}
