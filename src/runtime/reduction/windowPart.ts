import type { OpenPlaces } from '../../core/stats/blockReduction';
import { BLOCK_LENGTH, CONTEXT_RADIUS } from '../../core/stats/siteSummary';
import type { WindowRows } from '../../core/stats/windowRows';
import { MOST_TOKENS, mostOpen, type ScratchName } from './scratchColumns';

/** Of a window that ends its document: all its neighbours are known. */
const NONE_OPEN = 0x7fffffff;

/** The part of a window that the kernel is given at once, as the kernel's scratch has it. */
export class WindowPart {
  /** Blocks, document, first token, first token whose neighbours on the right are still to come. */
  private readonly numbers: Uint32Array;
  private readonly sources: Uint32Array;
  private readonly lengths: Uint32Array;
  private readonly indexes: Uint32Array;
  private readonly hashes: Uint32Array;
  private readonly hashBytes: Uint8Array;
  private readonly before: Float32Array;
  private readonly copies: Float32Array;
  private readonly openWords: Uint32Array;

  constructor(
    private readonly buffer: ArrayBuffer,
    private readonly at: Readonly<Record<ScratchName, number>>,
    widest: number,
  ) {
    this.numbers = new Uint32Array(buffer, at.part, 4);
    this.sources = new Uint32Array(buffer, at.sources, MOST_TOKENS + 2 * CONTEXT_RADIUS);
    this.lengths = new Uint32Array(buffer, at.lengths, MOST_TOKENS / BLOCK_LENGTH);
    this.indexes = new Uint32Array(buffer, at.indexes, MOST_TOKENS);
    this.hashes = new Uint32Array(buffer, at.hashes, MOST_TOKENS);
    this.hashBytes = new Uint8Array(buffer, at.hashBytes, MOST_TOKENS);
    this.before = new Float32Array(buffer, at.before, CONTEXT_RADIUS * widest);
    this.copies = new Float32Array(buffer, at.copies, (BLOCK_LENGTH + 2 * CONTEXT_RADIUS) * widest);
    this.openWords = new Uint32Array(buffer, at.open, 1 + 2 * mostOpen(widest));
  }

  /** Tokens that fit a part: where rows must be copied, one block. */
  sizeFor({ values }: WindowRows): number {
    return values.buffer === this.buffer ? MOST_TOKENS : BLOCK_LENGTH;
  }

  /** Lays out the window's tokens from `first` on. @param before as `BlockReduction.reduce` has it. */
  lay(window: WindowRows, before: Float32Array | null, first: number, count: number, neurons: number): void {
    const { document, firstToken, tokenCount, endsDocument } = window;
    this.laySources(window, before, first, count, neurons);
    this.numbers[0] = this.layBlocks(window, first, count);
    this.numbers[1] = document;
    this.numbers[2] = firstToken + first;
    this.numbers[3] = endsDocument ? NONE_OPEN : tokenCount - CONTEXT_RADIUS - first;
  }

  /** Places that the kernel noted since `forgetOpen`. */
  get open(): OpenPlaces {
    return { count: this.openWords[0]!, entries: this.openWords.subarray(1) };
  }

  forgetOpen(): void {
    this.openWords[0] = 0;
  }

  /** The address of each token's row, also of the 8 tokens on either side. */
  private laySources(
    { values, rowOf, tokenCount }: WindowRows,
    before: Float32Array | null,
    first: number,
    count: number,
    neurons: number,
  ): void {
    const rowBytes = 4 * neurons;
    const inPlace = values.buffer === this.buffer;
    if (before && first < CONTEXT_RADIUS) this.before.set(before);
    for (let i = 0; i < count + 2 * CONTEXT_RADIUS; i++) {
      const index = first + i - CONTEXT_RADIUS;
      const row = index < 0 || index >= tokenCount ? -1 : rowOf[index]!;
      if (row >= 0 && inPlace) this.sources[i] = values.byteOffset + row * rowBytes;
      else if (row >= 0) {
        this.copies.set(values.subarray(row * neurons, (row + 1) * neurons), i * neurons);
        this.sources[i] = this.at.copies + i * rowBytes;
      } else {
        const known = index < 0 && before !== null;
        this.sources[i] = known ? this.at.before + (CONTEXT_RADIUS + index) * rowBytes : this.at.nothing;
      }
    }
  }

  /** The tokens of the population, block by block. @returns how many blocks have any. */
  private layBlocks({ rowOf, hashes }: WindowRows, first: number, count: number): number {
    let blocks = 0;
    for (let start = 0; start < count; start += BLOCK_LENGTH) {
      const from = blocks * BLOCK_LENGTH;
      let length = 0;
      for (let index = start; index < Math.min(start + BLOCK_LENGTH, count); index++) {
        if (rowOf[first + index]! < 0) continue;
        const hash = hashes[first + index]!;
        this.indexes[from + length] = index;
        this.hashes[from + length] = hash;
        this.hashBytes[from + length++] = hash >>> 24;
      }
      if (length === 0) continue;
      // The kernel reads rows in fours.
      this.indexes.fill(this.indexes[from + length - 1]!, from + length, from + BLOCK_LENGTH);
      this.lengths[blocks++] = length;
    }
    return blocks;
  }
}
