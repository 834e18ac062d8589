import { COLUMN_BYTES, CONTEXT_RADIUS, Scratch, TILE_WIDTH } from './layout';

/**
 * Turns sixteen neurons' values in a block's rows into columns of the tile. Rows lie a power of two or nearly so apart,
 * so that their lines would fight for the same few places in the cache if they were read again and again.
 * @param indexes of the block's rows; they are read in fours, and those behind the last one are not counted.
 */
export function fillTile(scratch: Scratch, indexes: usize, first: i32, length: i32): void {
  const sources = scratch.sources;
  for (let row = 0; row < length; row += 4) {
    const block = indexes + ((<usize>row) << 2);
    const a = addressOf(sources, load<u32>(block), first);
    const b = addressOf(sources, load<u32>(block, 4), first);
    const c = addressOf(sources, load<u32>(block, 8), first);
    const d = addressOf(sources, load<u32>(block, 12), first);
    const to = scratch.tile + ((<usize>row) << 2);
    for (let lane = 0; lane < TILE_WIDTH; lane += 4) {
      const offset = (<usize>lane) << 2;
      turn(
        v128.load(a + offset),
        v128.load(b + offset),
        v128.load(c + offset),
        v128.load(d + offset),
        to + <usize>(lane * COLUMN_BYTES),
      );
    }
  }
}

/** As `fillTile`, for the last neurons where they are fewer than sixteen: nothing is read behind a row's end. */
export function fillPartOfTile(scratch: Scratch, indexes: usize, first: i32, width: i32, length: i32): void {
  for (let lane = 0; lane < width; lane++) {
    const column = scratch.tile + <usize>(lane * COLUMN_BYTES);
    for (let row = 0; row < length; row++) {
      const at = (<usize>row) << 2;
      store<f32>(column + at, load<f32>(addressOf(scratch.sources, load<u32>(indexes + at), first + lane)));
    }
  }
}

function addressOf(sources: usize, index: u32, neuron: i32): usize {
  return <usize>load<u32>(sources + ((<usize>(index + CONTEXT_RADIUS)) << 2)) + ((<usize>neuron) << 2);
}

/** Writes four rows of four values as columns. */
function turn(a: v128, b: v128, c: v128, d: v128, to: usize): void {
  const ab = i32x4.shuffle(a, b, 0, 4, 1, 5);
  const cd = i32x4.shuffle(c, d, 0, 4, 1, 5);
  const abHigh = i32x4.shuffle(a, b, 2, 6, 3, 7);
  const cdHigh = i32x4.shuffle(c, d, 2, 6, 3, 7);
  v128.store(to, i64x2.shuffle(ab, cd, 0, 2));
  v128.store(to + COLUMN_BYTES, i64x2.shuffle(ab, cd, 1, 3));
  v128.store(to + 2 * COLUMN_BYTES, i64x2.shuffle(abHigh, cdHigh, 0, 2));
  v128.store(to + 3 * COLUMN_BYTES, i64x2.shuffle(abHigh, cdHigh, 1, 3));
}
