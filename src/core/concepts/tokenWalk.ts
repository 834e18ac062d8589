import type { ActivationModel, SiteActivations, TokenBatch } from '../onnx/activationModel';
import { ownedPosition, ownedTokens, runBatches, type PlannedWindow } from '../pipeline/windowBatches';
import type { WindowFrame } from '../text/tokens';

/** Some tokens of one table's output: which rows they are, and their numbers in the labelled corpus. */
export interface NumberedRows {
  readonly rows: Int32Array;
  readonly numbers: Int32Array;
}

/** What a walk needs to run windows. */
export interface WalkSetup {
  readonly model: ActivationModel;
  readonly frame: WindowFrame;
  readonly batchTokens: number;
  /** By document: the number of each token, −1 for one that is not wanted. */
  readonly numbers: readonly Int32Array[];
  readonly signal: AbortSignal;
  readonly betweenBatches?: (() => Promise<void>) | undefined;
  /** Called after each batch with the tokens of text that it ran. */
  readonly ran: (tokens: number) => void;
}

/** Some tokens of one table's output. */
export interface TableTokens {
  readonly table: number;
  readonly output: SiteActivations;
  readonly tokens: NumberedRows;
}

/** A batch that was run, and its tokens that are wanted, by table. */
export interface WalkedBatch {
  readonly planned: readonly PlannedWindow[];
  readonly tables: readonly TableTokens[];
}

/**
 * Runs windows and gives every table's output on with the tokens whose number is below `limit`, each in its owning window;
 * valid until the next is asked for.
 * @throws the signal's reason when it is aborted between two batches
 */
export async function* walkTokens(
  windows: readonly PlannedWindow[],
  limit: number,
  setup: WalkSetup,
): AsyncGenerator<WalkedBatch> {
  const { model, frame, batchTokens, signal } = setup;
  const runner = { model, tokenizer: { frame }, batchTokens };
  for await (const { planned, batch, outputs } of runBatches(windows, runner, signal)) {
    const wanted = numberedPositions(planned, batch, limit, setup);
    const tables = outputs.map((output, table) => ({
      table,
      output,
      tokens: output.positions ? routed(wanted, output.positions) : wanted,
    }));
    yield { planned, tables: tables.filter(({ tokens }) => tokens.rows.length > 0) };
    await endBatch(planned, setup);
  }
}

/** To be called when all that is asked of a batch is done. */
export async function endBatch(
  planned: readonly PlannedWindow[],
  { ran, betweenBatches }: Pick<WalkSetup, 'ran' | 'betweenBatches'>,
): Promise<void> {
  ran(ownedTokens(planned));
  await betweenBatches?.();
}

/** Windows that own a token whose number is below `limit`, and at least `first`. */
export function windowsWithin(
  windows: readonly PlannedWindow[],
  limit: number,
  numbers: readonly Int32Array[],
  first = 0,
): PlannedWindow[] {
  return windows.filter(({ document, window }) => {
    const owned = numbers[document.number]!.subarray(window.ownedStart, window.ownedEnd);
    return owned.some((number) => number >= first && number < limit);
  });
}

function numberedPositions(
  planned: readonly PlannedWindow[],
  batch: TokenBatch,
  limit: number,
  { numbers, frame }: WalkSetup,
): NumberedRows {
  const rows: number[] = [];
  const found: number[] = [];
  planned.forEach(({ document, window }, row) => {
    const start = ownedPosition(window, row, batch, frame) - window.ownedStart;
    for (let token = window.ownedStart; token < window.ownedEnd; token++) {
      const number = numbers[document.number]![token]!;
      if (number < 0 || number >= limit) continue;
      rows.push(start + token);
      found.push(number);
    }
  });
  return { rows: Int32Array.from(rows), numbers: Int32Array.from(found) };
}

/** Of an expert only the tokens that were routed to it have rows. */
function routed({ rows, numbers }: NumberedRows, positions: Uint32Array): NumberedRows {
  const rowOf = new Map(Array.from(positions, (position, row) => [position, row] as const));
  const kept = [...rows.keys()].filter((i) => rowOf.has(rows[i]!));
  return {
    rows: Int32Array.from(kept, (i) => rowOf.get(rows[i]!)!),
    numbers: Int32Array.from(kept, (i) => numbers[i]!),
  };
}
