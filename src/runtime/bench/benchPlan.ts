import { openDocument } from '../../core/pipeline/openDocument';
import type { Corpus, TokenBatch, Tokenizer } from '../../core/pipeline/ports';
import { planBatches, tokenBatchOf, type PlannedWindow } from '../../core/pipeline/windowBatches';
import { planWindows, type WindowPlan } from '../../core/text/windows';

/** The windows of a corpus, each document cut by the plan as a profile cuts it. */
export async function windowsOf(
  corpus: Corpus,
  tokenizer: Tokenizer,
  plan: WindowPlan,
): Promise<PlannedWindow[]> {
  const windows: PlannedWindow[] = [];
  for await (const { key, text } of corpus.documents(new AbortController().signal)) {
    const tokens = await tokenizer.tokenize(text);
    const planned = planWindows(tokens.ids.length, plan);
    const document = openDocument(key, 0, tokens, planned, true, 0);
    for (const window of planned) windows.push({ document, window });
  }
  return windows;
}

/** The same windows as batches of at most so many positions, ready to be run. */
export function batchesOf(
  windows: readonly PlannedWindow[],
  tokenizer: Tokenizer,
  batchTokens: number,
): TokenBatch[] {
  const limits = { batchTokens, maximumRows: Number.MAX_SAFE_INTEGER };
  return planBatches(windows, tokenizer.frame, limits).map((batch) => tokenBatchOf(batch, tokenizer.frame));
}
