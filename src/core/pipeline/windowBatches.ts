import type { ProfilePlan } from '../profile/manifest';
import type { SourceDocument } from '../text/document';
import { planWindows, type Window, windowPlanOf } from '../text/windows';
import { openDocument, type OpenDocument } from './openDocument';
import type { ActivationModel, SiteActivations, TokenBatch } from '../onnx/activationModel';
import { type Tokenizer, tokensOrReason, UnfitText } from '../text/tokenizer';
import type { WindowFrame } from '../text/tokens';

/** A window of an open document, ready to be run. */
export interface PlannedWindow {
  readonly document: OpenDocument;
  readonly window: Window;
}

export interface BatchLimits {
  /** Most positions, padding included; a longer window makes a batch of its own. */
  readonly batchTokens: number;
  readonly maximumRows: number;
  /** Whether the windows of a batch must be equally long. */
  readonly equalLengths: boolean;
}

/** What runs windows. */
export interface BatchRunner {
  readonly model: ActivationModel;
  readonly tokenizer: Pick<Tokenizer, 'frame'>;
  readonly batchTokens: number;
}

/**
 * Groups windows of like length, so that little is padded. The windows of a document keep their order, as only its
 * last one can be shorter than the others.
 */
export function planBatches(
  windows: readonly PlannedWindow[],
  frame: WindowFrame,
  limits: BatchLimits,
): PlannedWindow[][] {
  const frameLength = frame.before.length + frame.after.length;
  const byLength = [...windows].sort((a, b) => lengthOf(b.window) - lengthOf(a.window));
  const batches: PlannedWindow[][] = [];
  let rowsLeft = 0;
  let longest = 0;
  for (const planned of byLength) {
    const length = lengthOf(planned.window);
    if (rowsLeft === 0 || (limits.equalLengths && length < longest)) {
      longest = length;
      const width = length + frameLength;
      rowsLeft = Math.max(1, Math.min(limits.maximumRows, Math.floor(limits.batchTokens / width)));
      batches.push([]);
    }
    batches.at(-1)!.push(planned);
    rowsLeft -= 1;
  }
  return batches;
}

/** The ids of a batch: each window between the model's special tokens, right-padded with its own first id. */
export function tokenBatchOf(
  windows: readonly { readonly document: Pick<OpenDocument, 'tokens'>; readonly window: Window }[],
  { before, after }: WindowFrame,
): TokenBatch {
  const lengths = Uint32Array.from(windows, ({ window }) => before.length + lengthOf(window) + after.length);
  const width = Math.max(...lengths);
  const ids = new Uint32Array(windows.length * width);
  windows.forEach(({ document, window }, row) => {
    const start = row * width;
    ids.set(before, start);
    ids.set(document.tokens.ids.subarray(window.start, window.end), start + before.length);
    ids.set(after, start + before.length + lengthOf(window));
    ids.fill(ids[start]!, start + lengths[row]!, start + width);
  });
  return { rows: windows.length, width, ids, lengths };
}

/** What a model gave for some windows. */
export interface RunBatch {
  readonly planned: readonly PlannedWindow[];
  readonly batch: TokenBatch;
  /** In the order of the model's outputs; valid until the next batch is asked for. */
  readonly outputs: readonly SiteActivations[];
}

/**
 * Runs windows in batches of like length.
 * @throws the signal's reason when it is aborted between two batches
 */
export async function* runBatches(
  windows: readonly PlannedWindow[],
  { model, tokenizer, batchTokens }: BatchRunner,
  signal: AbortSignal,
): AsyncGenerator<RunBatch> {
  const { frame } = tokenizer;
  const { maximumRows, equalLengths } = model;
  for (const planned of planBatches(windows, frame, { batchTokens, maximumRows, equalLengths })) {
    signal.throwIfAborted();
    const batch = tokenBatchOf(planned, frame);
    yield { planned, batch, outputs: await model.run(batch) };
  }
}

/** The flat position b·T + t in its batch of the first token that a window owns. */
export function ownedPosition(
  { start, ownedStart }: Window,
  row: number,
  { width }: Pick<TokenBatch, 'width'>,
  { before }: WindowFrame,
): number {
  return row * width + before.length + ownedStart - start;
}

/** The token at a flat position of a batch of one window; outside the window where that is special. */
export function tokenAtPosition(position: number, { start }: Window, { before }: WindowFrame): number {
  return start + position - before.length;
}

/** Tokens of text that windows own. */
export function ownedTokens(windows: readonly PlannedWindow[]): number {
  return windows.reduce((sum, { window }) => sum + window.ownedEnd - window.ownedStart, 0);
}

/**
 * The windows of documents in their order, each cut as a profile cuts it, up to so many tokens of text. Texts that the
 * tokenizer refuses are passed over.
 */
export async function firstWindows(
  documents: AsyncIterable<Pick<SourceDocument, 'key' | 'text'>>,
  tokenizer: Tokenizer,
  plan: ProfilePlan,
  limitTokens: number,
): Promise<PlannedWindow[]> {
  const cut = windowPlanOf(plan, tokenizer.frame);
  const windows: PlannedWindow[] = [];
  let tokens = 0;
  for await (const { key, text } of documents) {
    const tokenized = await tokensOrReason(tokenizer, text);
    if (tokenized instanceof UnfitText) continue;
    const planned = planWindows(tokenized.ids.length, cut);
    const document = openDocument(key, 0, tokenized, planned, true, plan.seed);
    for (const window of planned) {
      if (tokens >= limitTokens) return windows;
      windows.push({ document, window });
      tokens += window.ownedEnd - window.ownedStart;
    }
  }
  return windows;
}

function lengthOf({ start, end }: Window): number {
  return end - start;
}
