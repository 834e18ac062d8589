import type { ActivationModel, SiteActivations } from '../onnx/activationModel';
import type { FfnSite, Quantity } from '../onnx/site';
import type { TokenRange } from '../profile/units';
import type { Tokenizer } from '../text/tokenizer';
import type { TokenizedText } from '../text/tokens';
import { planWindows, type Window, type WindowPlan } from '../text/windows';
import type { Exclusion } from '../common/leftOut';
import type { Population } from './population';
import { sinkRows, type SinkRule } from './sinks';
import { tokenAtPosition, tokenBatchOf } from './windowBatches';

/** One exposed quantity at those tokens of a range that one window owns. */
export interface WindowActivations {
  readonly site: FfnSite;
  readonly quantity: Quantity;
  /** [rows × dFf], row-major: only valid until the next window is run. */
  readonly values: Float32Array;
  /**
   * [rows] the token of each row, counted from the first of the range; −1 where the row belongs to no token of the
   * range, or to one outside the population. Tokens that were not routed to this expert have no row.
   */
  readonly tokens: Int32Array;
}

/** What a run over a text needs to know beside the text. */
export interface TextRun {
  readonly model: ActivationModel;
  readonly tokenizer: Pick<Tokenizer, 'frame'>;
  readonly plan: WindowPlan;
  /** Which tokens count, as in the profile that they are compared with. */
  readonly population: Population;
  /** Medians in the order of the model's outputs; null where sinks count. */
  readonly sinks: SinkRule | null;
}

export type Order = 'forward' | 'backward';

/**
 * Every exposed neuron's activation at each token of a range, window by window and each token in its owning window,
 * so that it has the same value here as in a profile with the same plan (docs/methods.md). What is held at once is
 * one window, however long the range.
 * @throws the signal's reason when it is aborted between two windows
 */
export async function* windowsOfRange(
  text: TokenizedText,
  range: TokenRange,
  run: TextRun,
  signal: AbortSignal,
  order: Order = 'forward',
): AsyncGenerator<readonly WindowActivations[]> {
  const windows = planWindows(text.ids.length, run.plan).filter(
    ({ ownedStart, ownedEnd }) => ownedEnd > range.first && ownedStart < range.end,
  );
  if (order === 'backward') windows.reverse();
  for (const window of windows) {
    signal.throwIfAborted();
    const outputs = await runWindow(text, window, run);
    yield outputs.map((output, table) => ({
      site: output.site,
      quantity: output.quantity,
      values: output.values,
      tokens: tokensOfRows(output, table, text, window, run, range),
    }));
  }
}

/** Why each token of a range is left out of the population; null where it counts. */
export function exclusionsOf(
  text: TokenizedText,
  range: TokenRange,
  { plan, population }: TextRun,
): (Exclusion | null)[] {
  const exclusions: (Exclusion | null)[] = [];
  for (const window of planWindows(text.ids.length, plan)) {
    const end = Math.min(window.ownedEnd, range.end);
    for (let token = Math.max(window.ownedStart, range.first); token < end; token++) {
      exclusions.push(population.reasonAgainst(text, window, token));
    }
  }
  return exclusions;
}

/** Tokens that overlap the UTF-16 range `[start, end)`; for an empty range the token that holds it. */
export function tokensAt(text: TokenizedText, start: number, end: number): TokenRange {
  const stop = Math.max(end, start + 1);
  let first = 0;
  while (first < text.ids.length && (text.ends[first] ?? 0) <= start) first += 1;
  let last = first;
  while (last < text.ids.length && (text.starts[last] ?? 0) < stop) last += 1;
  return { first, end: last };
}

function runWindow(text: TokenizedText, window: Window, { model, tokenizer }: TextRun) {
  return model.run(tokenBatchOf([{ document: { tokens: text }, window }], tokenizer.frame));
}

function tokensOfRows(
  output: SiteActivations,
  table: number,
  text: TokenizedText,
  window: Window,
  { tokenizer, population, sinks }: TextRun,
  range: TokenRange,
): Int32Array {
  const first = Math.max(window.ownedStart, range.first);
  const end = Math.min(window.ownedEnd, range.end);
  const rows = output.values.length / output.site.dFf;
  const dropped = sinks && sinkRows(output, rows, sinks, table);
  return Int32Array.from({ length: rows }, (_, row) => {
    const position = output.positions?.[row] ?? row;
    const token = tokenAtPosition(position, window, tokenizer.frame);
    const isOwned = token >= first && token < end;
    if (!isOwned || dropped?.[row] === 1) return -1;
    return population.reasonAgainst(text, window, token) === null ? token - range.first : -1;
  });
}
