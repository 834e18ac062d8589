import { BLOCK_LENGTH, CONTEXT_RADIUS } from '../../core/stats/siteSummary';

/** Neurons that the kernel handles at once: columns of sites are laid out for whole tiles. */
export const TILE_WIDTH = 16;
/** Most tokens that the kernel is given at once: eight blocks. */
export const MOST_TOKENS = 8 * BLOCK_LENGTH;

/** Names of columns with their bytes, in the order in which the kernel expects their addresses (assembly/layout.ts). */
export type Columns<Name extends string> = readonly (readonly [Name, number])[];

/** Most places that one window leaves open: its last 8 tokens lie in two blocks, and each of them may be sampled. */
export const mostOpen = (widest: number) => (2 * 2 + CONTEXT_RADIUS) * widest;

/** What all sites share. @param widest neurons of the widest site */
export const scratchColumns = (widest: number) =>
  [
    ['part', 4 * 4],
    ['sources', 4 * (MOST_TOKENS + 2 * CONTEXT_RADIUS)],
    ['lengths', 4 * (MOST_TOKENS / BLOCK_LENGTH)],
    ['indexes', 4 * MOST_TOKENS],
    ['hashes', 4 * MOST_TOKENS],
    ['hashBytes', MOST_TOKENS],
    ['column', 4 * 7],
    ['sums', 8 * 6 + 4 * 4],
    ['tile', 4 * BLOCK_LENGTH * TILE_WIDTH],
    ['chosen', BLOCK_LENGTH * TILE_WIDTH],
    ['chosenCounts', 4 * TILE_WIDTH],
    ['sampled', 4 * (1 + 2 * BLOCK_LENGTH)],
    ['open', 4 * (1 + 2 * mostOpen(widest))],
    // A row of NaN, for tokens without activations; the 8 rows before a window; rows that lie in other memory.
    ['nothing', 4 * widest],
    ['before', 4 * CONTEXT_RADIUS * widest],
    ['copies', 4 * (BLOCK_LENGTH + 2 * CONTEXT_RADIUS) * widest],
  ] as const satisfies Columns<string>;

export type ScratchName = ReturnType<typeof scratchColumns>[number][0];
