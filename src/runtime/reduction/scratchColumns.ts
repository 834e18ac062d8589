import { BLOCK_LENGTH, CONTEXT_LENGTH, CONTEXT_RADIUS, EXTREME_COUNT } from '../../core/stats/siteSummary';

/** Neurons that the kernel handles at once: columns of sites are laid out for whole tiles. */
export const TILE_WIDTH = 32;
/** Most blocks that the kernel is given at once. */
export const MOST_BLOCKS = 16;
/** Rows of these blocks. */
export const TILE_LENGTH = MOST_BLOCKS * BLOCK_LENGTH;
/** Tokens of a block with its neighbours. */
export const SOURCE_LENGTH = BLOCK_LENGTH + 2 * CONTEXT_RADIUS;

/** Names of columns with their bytes, in the order in which the kernel expects their addresses (assembly/layout.ts). */
export type ColumnSizes<Name extends string> = readonly (readonly [Name, number])[];

/** Most places that blocks leave open: of each stretch's last 8 tokens extremes of two blocks, and every one as a sample. */
export const mostOpen = (widest: number) => MOST_BLOCKS * (2 * 2 + CONTEXT_RADIUS) * widest;

/** What all sites share. @param widest neurons of the widest site */
export const scratchColumns = (widest: number) =>
  [
    ['blocks', 4 * 4 * MOST_BLOCKS],
    ['sources', 4 * SOURCE_LENGTH * MOST_BLOCKS],
    ['rows', 4 * TILE_LENGTH],
    ['offsets', TILE_LENGTH],
    ['surrounded', TILE_LENGTH],
    ['hashes', 4 * TILE_LENGTH],
    ['hashBytes', TILE_LENGTH],
    ['column', 4 * 3],
    ['sums', 8 * 6 + 4 * 5],
    ['blockMin', 4 * MOST_BLOCKS],
    ['blockMax', 4 * MOST_BLOCKS],
    // A line of the cache behind every column: assembly/layout.ts, COLUMN_BYTES and CHOSEN_BYTES.
    ['tile', (4 * TILE_LENGTH + 64) * TILE_WIDTH],
    ['chosen', (2 * TILE_LENGTH + 64) * TILE_WIDTH],
    ['chosenCounts', 4 * TILE_WIDTH],
    ['counting', 4 * 3],
    ['around', 4 * CONTEXT_LENGTH],
    ['order', EXTREME_COUNT],
    ['unsorted', (3 * 4 + 2 * CONTEXT_LENGTH) * EXTREME_COUNT],
    ['open', 4 * (1 + 4 * mostOpen(widest))],
    // A row of NaN, for tokens without activations; the 8 rows before each stretch; rows that lie in other memory.
    ['nothing', 4 * widest],
    ['before', 4 * CONTEXT_RADIUS * widest * MOST_BLOCKS],
    ['copies', 4 * SOURCE_LENGTH * widest],
  ] as const satisfies ColumnSizes<string>;

export type ScratchName = ReturnType<typeof scratchColumns>[number][0];
