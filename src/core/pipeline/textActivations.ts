import type { FfnSite, Quantity } from '../onnx/site';
import type { TokenRange } from '../profile/units';
import type { TokenizedText } from '../text/tokens';
import { planWindows, type Window, type WindowPlan } from '../text/windows';
import type { ActivationModel, SiteActivations } from '../onnx/activationModel';
import type { Tokenizer } from '../text/tokenizer';

/** One exposed quantity at consecutive tokens. */
export interface RangeActivations {
  readonly site: FfnSite;
  readonly quantity: Quantity;
  /** [tokens of the range × dFf], row-major; NaN in the rows of tokens outside the population or not routed to this expert. */
  readonly values: Float32Array;
}

/** What a run over a text needs to know beside the text. */
export interface TextRun {
  readonly model: ActivationModel;
  readonly tokenizer: Pick<Tokenizer, 'frame'>;
  readonly plan: WindowPlan;
  /** The first position of every window stands outside the population (causal models, methods.md). */
  readonly omitFirstPosition: boolean;
}

/**
 * Every exposed neuron's activation at each token of a range, each token in its owning window,
 * so that it has the same value here as in a profile with the same plan (docs/methods.md).
 * @throws the signal's reason when it is aborted between two windows
 */
export async function activationsOfRange(
  text: TokenizedText,
  range: TokenRange,
  run: TextRun,
  signal: AbortSignal,
): Promise<readonly RangeActivations[]> {
  const length = range.end - range.first;
  const gathered = run.model.outputs.map(({ site, quantity }) => ({
    site,
    quantity,
    values: new Float32Array(length * site.dFf).fill(Number.NaN),
  }));
  for (const window of planWindows(text.ids.length, run.plan)) {
    if (window.ownedEnd <= range.first || window.ownedStart >= range.end) continue;
    signal.throwIfAborted();
    const outputs = await runWindow(text, window, run);
    outputs.forEach((output, index) => {
      const target = gathered[index];
      if (target) copyOwnedRows(output, window, run, range, target.values);
    });
  }
  return gathered;
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

function copyOwnedRows(
  output: SiteActivations,
  window: Window,
  { tokenizer, omitFirstPosition }: TextRun,
  range: TokenRange,
  target: Float32Array,
): void {
  const { dFf } = output.site;
  const rows = output.values.length / dFf;
  for (let row = 0; row < rows; row += 1) {
    const position = output.positions?.[row] ?? row;
    if (position === 0 && omitFirstPosition) continue;
    const token = window.start + position - tokenizer.frame.before.length;
    if (token < window.ownedStart || token >= window.ownedEnd || token < range.first || token >= range.end)
      continue;
    target.set(output.values.subarray(row * dFf, (row + 1) * dFf), (token - range.first) * dFf);
  }
}
