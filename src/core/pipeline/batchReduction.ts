import type { ExcludedCounts } from '../stats/siteSummary';
import type { SiteAccumulator } from '../stats/siteAccumulator';
import type { Stretch } from '../stats/stretch';
import type { WindowFrame } from '../text/tokens';
import type { Window } from '../text/windows';
import type { OpenDocument } from './openDocument';
import type { Population } from './population';
import type { SiteActivations, TokenBatch } from '../onnx/activationModel';
import { sinkRows, type SinkRule } from './sinks';
import { ownedPosition, type PlannedWindow } from './windowBatches';

/** What the windows of one document give to every table. */
interface OwnedTokens extends Omit<Stretch, 'values' | 'rowOf'> {
  /** [owned tokens] flat position b·T + t of each token of the population, −1 for the others. */
  readonly positions: Int32Array;
}

/** Brings the activations of batches into the accumulators of all tables, and counts what is left out. */
export class BatchReduction {
  /** By table: what was run and not counted. */
  readonly excluded: ExcludedCounts[];

  constructor(
    private readonly accumulators: readonly SiteAccumulator[],
    private readonly population: Population,
    private readonly frame: WindowFrame,
    private readonly sinks: SinkRule | null,
  ) {
    this.excluded = accumulators.map(() => ({ special: 0, pad: 0, firstPosition: 0, sink: 0 }));
  }

  /** @param outputs of the model for `batch`, in the order of the tables. */
  add(windows: readonly PlannedWindow[], batch: TokenBatch, outputs: readonly SiteActivations[]): void {
    const owned = this.ownedTokens(windows, batch);
    this.accumulators.forEach((accumulator, table) => {
      const output = outputs[table]!;
      const rowOfPosition = this.countedRows(output, batch, table);
      accumulator.start(
        owned.map(({ positions, ...stretch }) => ({
          ...stretch,
          values: output.values,
          rowOf: rowOfPosition ? rowsAt(positions, rowOfPosition) : positions,
        })),
      );
      if (rowOfPosition && this.sinks) this.countSinks(owned, output, rowOfPosition, table);
    });
    for (const accumulator of this.accumulators) accumulator.finish();
    for (const { document } of windows) document.windowsDone += 1;
  }

  private ownedTokens(planned: readonly PlannedWindow[], batch: TokenBatch): OwnedTokens[] {
    const counts = { special: 0, pad: 0, firstPosition: 0, sink: 0 };
    const owned = [...byDocument(planned)].map(([document, rows]) => {
      const first = rows[0]!.window.ownedStart;
      const last = rows.at(-1)!.window;
      const tokens = last.ownedEnd - first;
      const positions = new Int32Array(tokens);
      const hashes = Uint32Array.from({ length: tokens }, (_, i) => document.hashOf(first + i));
      for (const { window, row } of rows) {
        const members = this.population.membersOf(document.tokens, window, counts);
        const position = ownedPosition(window, row, batch, this.frame);
        const start = window.ownedStart - first;
        members.forEach((member, i) => (positions[start + i] = member === 1 ? position + i : -1));
        counts.pad += batch.width - batch.lengths[row]!;
      }
      return {
        document: document.number,
        firstToken: first,
        windows: rows.map(({ window }) => window.ownedEnd - window.ownedStart),
        endsDocument: last === document.windows.at(-1),
        positions,
        hashes,
      };
    });
    for (const excluded of this.excluded) {
      excluded.special += counts.special;
      excluded.pad += counts.pad;
      excluded.firstPosition += counts.firstPosition;
    }
    return owned;
  }

  /** @returns [B·T] the row of each position that may count, −1 elsewhere; null where row and position are the same. */
  private countedRows(output: SiteActivations, batch: TokenBatch, table: number): Int32Array | null {
    if (output.positions === null && this.sinks === null) return null;
    const size = batch.rows * batch.width;
    const rows = new Int32Array(size).fill(-1);
    if (output.positions) output.positions.forEach((position, row) => (rows[position] = row));
    else for (let position = 0; position < size; position++) rows[position] = position;
    if (this.sinks) {
      const sinks = sinkRows(output, size, this.sinks, table);
      for (let position = 0; position < size; position++) {
        if (rows[position]! >= 0 && sinks[rows[position]!] === 1) rows[position] = -1;
      }
    }
    return rows;
  }

  private countSinks(
    owned: readonly OwnedTokens[],
    output: SiteActivations,
    rowOfPosition: Int32Array,
    table: number,
  ): void {
    const routed = output.positions && new Set(output.positions);
    for (const { positions } of owned) {
      for (const position of positions) {
        if (position < 0 || rowOfPosition[position]! >= 0) continue;
        if (routed === null || routed.has(position)) this.excluded[table]!.sink += 1;
      }
    }
  }
}

/** The rows of a batch by document. A document's windows are consecutive, though their rows need not be. */
function byDocument(
  planned: readonly PlannedWindow[],
): Map<OpenDocument, { readonly window: Window; readonly row: number }[]> {
  const rows = new Map<OpenDocument, { window: Window; row: number }[]>();
  planned.forEach(({ document, window }, row) => {
    const known = rows.get(document);
    if (known) known.push({ window, row });
    else rows.set(document, [{ window, row }]);
  });
  return rows;
}

function rowsAt(positions: Int32Array, rowOfPosition: Int32Array): Int32Array {
  return positions.map((position) => (position < 0 ? -1 : rowOfPosition[position]!));
}
