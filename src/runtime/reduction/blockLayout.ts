import type { EnteredStretch } from '../../core/stats/blockReduction';
import { BLOCK_LENGTH, CONTEXT_RADIUS } from '../../core/stats/siteSummary';
import { MOST_BLOCKS, mostOpen, type ScratchName, SOURCE_LENGTH, TILE_LENGTH } from './scratchColumns';

/** In a stretch that ends its document all neighbours are known. */
const NONE_OPEN = 0x7fffffff;

/** Up to 64 tokens of one window, counted from the stretch's first. */
export interface TokenBlock {
  readonly first: number;
  readonly end: number;
}

/** The blocks of a stretch's windows, in order. */
export function* blocksOf({ windows }: EnteredStretch): Generator<TokenBlock> {
  let start = 0;
  for (const length of windows) {
    for (let first = start; first < start + length; first += BLOCK_LENGTH) {
      yield { first, end: Math.min(first + BLOCK_LENGTH, start + length) };
    }
    start += length;
  }
}

/** The blocks that the kernel is given at once, as its scratch has them. */
export class BlockLayout {
  /** Blocks that are laid out: those with a token of the population. */
  count = 0;
  private readonly blocks: Uint32Array;
  private readonly sources: Uint32Array;
  private readonly rows: Uint32Array;
  private readonly offsets: Uint8Array;
  private readonly surrounded: Uint8Array;
  private readonly hashes: Uint32Array;
  private readonly hashBytes: Uint8Array;
  private readonly before: Float32Array;
  private readonly copies: Float32Array;
  private readonly open: Uint32Array;
  private neurons = 0;
  /** The stretch of the block that was laid out last, and which of those with tokens before them it is. */
  private stretch: EnteredStretch | null = null;
  private befores = 0;
  /** How many rows up to the last one are consecutive tokens. */
  private run = 0;

  /** @param widest neurons of the widest site */
  constructor(
    private readonly buffer: ArrayBuffer | SharedArrayBuffer,
    private readonly at: Readonly<Record<ScratchName, number>>,
    widest: number,
  ) {
    this.blocks = new Uint32Array(buffer, at.blocks, 4 * MOST_BLOCKS);
    this.sources = new Uint32Array(buffer, at.sources, SOURCE_LENGTH * MOST_BLOCKS);
    this.rows = new Uint32Array(buffer, at.rows, TILE_LENGTH);
    this.offsets = new Uint8Array(buffer, at.offsets, TILE_LENGTH);
    this.surrounded = new Uint8Array(buffer, at.surrounded, TILE_LENGTH);
    this.hashes = new Uint32Array(buffer, at.hashes, TILE_LENGTH);
    this.hashBytes = new Uint8Array(buffer, at.hashBytes, TILE_LENGTH);
    this.before = new Float32Array(buffer, at.before, CONTEXT_RADIUS * widest * MOST_BLOCKS);
    this.copies = new Float32Array(buffer, at.copies, SOURCE_LENGTH * widest);
    this.open = new Uint32Array(buffer, at.open, 1 + 4 * mostOpen(widest));
  }

  /** Takes all blocks away. @param neurons of the site that the next ones are of. */
  begin(neurons: number): void {
    this.neurons = neurons;
    this.count = 0;
    this.stretch = null;
    this.befores = 0;
    this.open[0] = 0;
  }

  /** Whether another block fits in: where rows must be copied, there is one at a time. */
  hasRoomFor({ values }: EnteredStretch): boolean {
    return this.count < (values.buffer === this.buffer ? MOST_BLOCKS : 1);
  }

  /** Lays a block out, unless it has no token of the population. */
  add(stretch: EnteredStretch, block: TokenBlock): void {
    const isNew = stretch !== this.stretch;
    if (isNew) this.run = 0;
    const length = this.layRows(stretch, block);
    if (length === 0) return;
    if (isNew) this.enter(stretch);
    this.laySources(stretch, block);
    this.layAddresses(length);
    const { rowOf, firstToken, document, endsDocument } = stretch;
    const openFrom = rowOf.length - CONTEXT_RADIUS - block.first;
    this.blocks.set(
      [length, document, firstToken + block.first, endsDocument ? NONE_OPEN : Math.max(0, openFrom)],
      4 * this.count++,
    );
  }

  /** Moves the places that the kernel noted to the end of a list. */
  takeOpen(to: number[]): void {
    const end = 1 + 4 * this.open[0]!;
    for (let i = 1; i < end; i++) to.push(this.open[i]!);
    this.open[0] = 0;
  }

  private enter(stretch: EnteredStretch): void {
    this.stretch = stretch;
    if (stretch.before) this.before.set(stretch.before, CONTEXT_RADIUS * this.neurons * this.befores++);
  }

  /** The tokens of the population. @returns how many there are. */
  private layRows({ rowOf, hashes }: EnteredStretch, { first, end }: TokenBlock): number {
    const start = this.count * BLOCK_LENGTH;
    let row = start;
    for (let index = first; index < end; index++) {
      if (rowOf[index]! < 0) {
        this.run = 0;
        continue;
      }
      const hash = hashes[index]!;
      this.offsets[row] = index - first;
      this.hashes[row] = hash;
      this.hashBytes[row] = hash >>> 24;
      this.surrounded[row] = 0;
      this.run += 1;
      if (this.run > 2 * CONTEXT_RADIUS) this.surrounded[row - CONTEXT_RADIUS] = 1;
      row += 1;
    }
    // The next block's rows stand behind this one's room.
    if (row < start + BLOCK_LENGTH) this.run = 0;
    return row - start;
  }

  /** The address of each token's row, also of the 8 tokens on either side. */
  private laySources(stretch: EnteredStretch, { first, end }: TokenBlock): void {
    const { values, rowOf, before } = stretch;
    const rowBytes = 4 * this.neurons;
    const inPlace = values.buffer === this.buffer;
    const start = this.count * SOURCE_LENGTH;
    const beforeEnd = this.at.before + this.befores * CONTEXT_RADIUS * rowBytes;
    for (let i = 0; i < end - first + 2 * CONTEXT_RADIUS; i++) {
      const index = first + i - CONTEXT_RADIUS;
      const row = rowOf[index] ?? -1;
      if (row >= 0 && inPlace) this.sources[start + i] = values.byteOffset + row * rowBytes;
      else if (row >= 0) {
        this.copies.set(values.subarray(row * this.neurons, (row + 1) * this.neurons), i * this.neurons);
        this.sources[start + i] = this.at.copies + i * rowBytes;
      } else {
        const known = index < 0 && before !== null;
        this.sources[start + i] = known ? beforeEnd + index * rowBytes : this.at.nothing;
      }
    }
  }

  private layAddresses(length: number): void {
    const start = this.count * BLOCK_LENGTH;
    const sources = this.count * SOURCE_LENGTH + CONTEXT_RADIUS;
    for (let row = start; row < start + length; row++) {
      this.rows[row] = this.sources[sources + this.offsets[row]!]!;
    }
    // The kernel reads rows in fours.
    this.rows.fill(this.rows[start + length - 1]!, start + length, start + 4 * Math.ceil(length / 4));
  }
}
