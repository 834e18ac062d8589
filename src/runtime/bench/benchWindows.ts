import { LensError } from '../../core/common/errors';
import type { TokenBatch } from '../../core/onnx/activationModel';
import type { Tokenizer } from '../../core/text/tokenizer';
import {
  firstWindows,
  planBatches,
  tokenBatchOf,
  type PlannedWindow,
} from '../../core/pipeline/windowBatches';
import { openCorpus } from '../files/openCorpus';
import type { BenchSetup } from './benchRequest';

/** The windows of the corpus, each document cut as the profile cuts it, up to the profile's limit of tokens. */
export async function windowsOf(
  { request, plan }: BenchSetup,
  tokenizer: Tokenizer,
): Promise<PlannedWindow[]> {
  if (!plan) throw new LensError('internal', 'The profile side has to be opened first: it makes the plan.');
  const corpus = await openCorpus({ ...request, root: request.root ?? process.cwd(), ignoreFiles: true });
  const documents = corpus.documents(new AbortController().signal);
  return firstWindows(documents, tokenizer, plan, request.limitTokens ?? Infinity);
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
