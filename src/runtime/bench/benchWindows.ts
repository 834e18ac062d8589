import { LensError } from '../../core/common/errors';
import { openDocument } from '../../core/pipeline/openDocument';
import type { TokenBatch } from '../../core/onnx/activationModel';
import type { Tokenizer } from '../../core/text/tokenizer';
import { planBatches, tokenBatchOf, type PlannedWindow } from '../../core/pipeline/windowBatches';
import { planWindows, windowPlanOf } from '../../core/text/windows';
import { openCorpus } from '../files/openCorpus';
import type { BenchSetup } from './benchRequest';

/** The windows of the corpus, each document cut as the profile cuts it, up to the profile's limit of tokens. */
export async function windowsOf(
  { request, plan }: BenchSetup,
  tokenizer: Tokenizer,
): Promise<PlannedWindow[]> {
  if (!plan) throw new LensError('internal', 'The profile side has to be opened first: it makes the plan.');
  const cut = windowPlanOf(plan, tokenizer.frame);
  const limit = request.limitTokens ?? Infinity;
  const corpus = await openCorpus({ ...request, root: request.root ?? process.cwd(), ignoreFiles: true });
  const windows: PlannedWindow[] = [];
  let tokens = 0;
  for await (const { key, text } of corpus.documents(new AbortController().signal)) {
    const tokenized = await tokenizer.tokenize(text);
    const planned = planWindows(tokenized.ids.length, cut);
    const document = openDocument(key, 0, tokenized, planned, true, 0);
    for (const window of planned) {
      if (tokens >= limit) return windows;
      windows.push({ document, window });
      tokens += window.ownedEnd - window.ownedStart;
    }
  }
  return windows;
}

/** Tokens of text that windows own. */
export function tokensOwned(windows: readonly PlannedWindow[]): number {
  return windows.reduce((sum, { window }) => sum + window.ownedEnd - window.ownedStart, 0);
}

/** Windows of like length as batches of at most so many positions. */
export function batchesOf(
  windows: readonly PlannedWindow[],
  tokenizer: Tokenizer,
  batchTokens: number,
): { windows: readonly PlannedWindow[]; batch: TokenBatch }[] {
  const limits = { batchTokens, maximumRows: Number.MAX_SAFE_INTEGER, equalLengths: false };
  return planBatches(windows, tokenizer.frame, limits).map((batch) => ({
    windows: batch,
    batch: tokenBatchOf(batch, tokenizer.frame),
  }));
}
