import type { ActivationModel, SiteActivations } from '../onnx/activationModel';
import type { FfnSite, Quantity } from '../onnx/site';
import type { TokenRange } from '../profile/units';
import type { Tokenizer } from '../text/tokenizer';
import type { TokenizedText } from '../text/tokens';
import { planWindows, type Window, type WindowPlan } from '../text/windows';

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
  /** The first position of every window stands outside the population (causal models, methods.md). */
  readonly omitFirstPosition: boolean;
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
    yield outputs.map((output) => ({
      site: output.site,
      quantity: output.quantity,
      values: output.values,
      tokens: tokensOfRows(output, window, run, range),
    }));
  }
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
  const { before, after } = tokenizer.frame;
  const ids = Uint32Array.from([...before, ...text.ids.subarray(window.start, window.end), ...after]);
  return model.run({ rows: 1, width: ids.length, ids, lengths: Uint32Array.of(ids.length) });
}

function tokensOfRows(
  { site, values, positions }: SiteActivations,
  window: Window,
  { tokenizer, omitFirstPosition }: TextRun,
  range: TokenRange,
): Int32Array {
  const first = Math.max(window.ownedStart, range.first);
  const end = Math.min(window.ownedEnd, range.end);
  return Int32Array.from({ length: values.length / site.dFf }, (_, row) => {
    const position = positions?.[row] ?? row;
    const token = window.start + position - tokenizer.frame.before.length;
    const counts = token >= first && token < end && !(position === 0 && omitFirstPosition);
    return counts ? token - range.first : -1;
  });
}
