import { BIN_BYTES, EXTREME_COUNT, LIMIT_BYTES, Site, TILE_WIDTH } from './layout';

const LINE: usize = 64;

/**
 * What is kept of neurons lies in lines of the cache that were put out by those of the others since the last batch. Read
 * here, one right after the other, they arrive together; read where they are needed, each would be waited for alone.
 */

/** What is a few bytes of each of a tile's neurons. */
export function fetchTile(site: Site, first: i32): void {
  const state = site.state;
  const doubles = (<usize>first) << 3;
  const floats = (<usize>first) << 2;
  fetch(state.count + doubles, 8 * TILE_WIDTH);
  fetch(state.positive + doubles, 8 * TILE_WIDTH);
  fetch(state.absoluteSum + doubles, 8 * TILE_WIDTH);
  fetch(state.mean + doubles, 8 * TILE_WIDTH);
  fetch(state.m2 + doubles, 8 * TILE_WIDTH);
  fetch(state.m3 + doubles, 8 * TILE_WIDTH);
  fetch(state.m4 + doubles, 8 * TILE_WIDTH);
  fetch(state.min + floats, 4 * TILE_WIDTH);
  fetch(state.max + floats, 4 * TILE_WIDTH);
  fetch(site.top.threshold + floats, 4 * TILE_WIDTH);
  fetch(site.bottom.threshold + floats, 4 * TILE_WIDTH);
  fetch(site.samples.limit + <usize>(first * LIMIT_BYTES), TILE_WIDTH * LIMIT_BYTES);
}

/** A neuron's bins, and the values of its extremes. */
export function fetchNeuron(site: Site, neuron: i32): void {
  fetch(site.state.bins + <usize>neuron * BIN_BYTES, BIN_BYTES);
  fetch(site.top.value + <usize>(neuron * EXTREME_COUNT * 4), EXTREME_COUNT * 4);
  fetch(site.bottom.value + <usize>(neuron * EXTREME_COUNT * 4), EXTREME_COUNT * 4);
}

/** Reads a byte of each line: reads out of a memory may fail, so that no compiler leaves them out. */
function fetch(from: usize, bytes: i32): void {
  const end = from + <usize>bytes;
  for (let at = from; at < end; at += LINE) load<u8>(at);
}
