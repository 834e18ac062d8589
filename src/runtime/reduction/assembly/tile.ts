import { BLOCK_LENGTH, COLUMN_BYTES, Scratch, TILE_WIDTH, blockAt } from './layout';

/**
 * Turns the neurons' values in a block's rows into columns of the tile. Rows lie a power of two or nearly so apart,
 * so that their lines would fight for the same few places in the cache if they were read again and again.
 */
export function fillTile(scratch: Scratch, block: i32, first: i32): void {
  const from = block * BLOCK_LENGTH;
  const end = from + blockAt(scratch, block).length;
  for (let row = from; row < end; row += 4) {
    const rows = scratch.rows + ((<usize>row) << 2);
    const start = (<usize>first) << 2;
    const a = <usize>load<u32>(rows) + start;
    const b = <usize>load<u32>(rows, 4) + start;
    const c = <usize>load<u32>(rows, 8) + start;
    const d = <usize>load<u32>(rows, 12) + start;
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

/** As `fillTile`, for the last neurons where they are fewer than a tile has: nothing is read behind a row's end. */
export function fillNarrowTile(scratch: Scratch, block: i32, first: i32, width: i32): void {
  const from = block * BLOCK_LENGTH;
  const end = from + blockAt(scratch, block).length;
  for (let lane = 0; lane < width; lane++) {
    const column = scratch.tile + <usize>(lane * COLUMN_BYTES);
    const offset = (<usize>(first + lane)) << 2;
    for (let row = from; row < end; row++) {
      const at = (<usize>row) << 2;
      store<f32>(column + at, load<f32>(<usize>load<u32>(scratch.rows + at) + offset));
    }
  }
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
