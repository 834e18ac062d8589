import type { PlannedWindow } from '../pipeline/windowBatches';
import { endBatch, walkTokens, type TableTokens, type WalkedBatch, type WalkSetup } from './tokenWalk';

/** Memory is asked for in blocks of so many floats: those of 40 MiB go back to the system as soon as they are let go of. */
const BLOCK = 10 * 2 ** 20;

/**
 * What the model gave for the first batches of a walk, as many as there is room for: a second walk over the same windows
 * runs the others alone. These fall into the same batches as the first time, and so have the same values.
 */
export class KeptTokens {
  private readonly batches: WalkedBatch[] = [];
  private isFull = false;
  /** What is left of the block that is being filled. */
  private block = new Float32Array();

  /** @param room bytes that may be kept. @param isAsked whether a table's tokens will be wanted again. */
  constructor(
    private room: number,
    private readonly isAsked: (table: number) => boolean,
  ) {}

  /** Keeps a copy of a batch, unless it or one before it found no room. */
  keep({ planned, tables }: WalkedBatch): void {
    const asked = tables.filter(({ table }) => this.isAsked(table));
    const bytes = asked.reduce(
      (sum, { output, tokens }) => sum + 4 * tokens.rows.length * output.site.dFf,
      0,
    );
    this.isFull ||= bytes > this.room;
    if (this.isFull) return;
    this.room -= bytes;
    this.batches.push({ planned, tables: asked.map((one) => this.copyOf(one)) });
  }

  /**
   * Walks once more over windows that were walked over before, and lets go of what was kept.
   * @throws as `walkTokens` does
   */
  async *walkAgain(
    windows: readonly PlannedWindow[],
    limit: number,
    setup: WalkSetup,
  ): AsyncGenerator<WalkedBatch> {
    const kept = new Set(this.batches.flatMap(({ planned }) => planned));
    this.block = new Float32Array();
    for (let batch; (batch = this.batches.shift());) {
      setup.signal.throwIfAborted();
      yield batch;
      await endBatch(batch.planned, setup);
    }
    const others = windows.filter((window) => !kept.has(window));
    yield* walkTokens(others, limit, setup);
  }

  /** The wanted rows alone, in their order. */
  private copyOf({ table, output, tokens: { rows, numbers } }: TableTokens): TableTokens {
    const { dFf } = output.site;
    const values = this.take(rows.length * dFf);
    rows.forEach((row, i) => values.set(output.values.subarray(row * dFf, (row + 1) * dFf), i * dFf));
    return {
      table,
      output: { ...output, values, positions: null },
      tokens: { rows: Int32Array.from(rows, (_, i) => i), numbers },
    };
  }

  private take(length: number): Float32Array {
    if (length > this.block.length) this.block = new Float32Array(Math.max(BLOCK, length));
    const taken = this.block.subarray(0, length);
    this.block = this.block.subarray(length);
    return taken;
  }
}
