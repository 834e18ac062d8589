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

/**
 * Runs windows and hands every table's output on with the tokens whose number is below `limit`, each in its owning window.
 * @throws the signal's reason when it is aborted between two batches
 */
export async function walkTokens(
  windows: readonly PlannedWindow[],
  limit: number,
  setup: WalkSetup,
  visit: (table: number, output: SiteActivations, tokens: NumberedRows) => Promise<void> | void,
): Promise<void> {
  const { model, frame, batchTokens, signal } = setup;
  const runner = { model, tokenizer: { frame }, batchTokens };
  for await (const { planned, batch, outputs } of runBatches(windows, runner, signal)) {
    const wanted = numberedPositions(planned, batch, limit, setup);
    for (const [table, output] of outputs.entries()) {
      const numbered = output.positions ? routed(wanted, output.positions) : wanted;
      if (numbered.rows.length > 0) await visit(table, output, numbered);
    }
    setup.ran(ownedTokens(planned));
    await setup.betweenBatches?.();
  }
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
