import { LensError } from '../common/errors';
import { firstNames } from '../common/wordList';
import type { Corpus } from '../text/corpus';
import { nothingRead } from '../text/skipped';
import type { RunRequest } from './runRequest';

/** @throws LensError `usage` when the plan does not fit the model, `no-ffn-found` when nothing is exposed. */
export function requireRunnable({ plan, model, tokenizer, corpus }: RunRequest): void {
  if (model.outputs.length === 0) {
    throw new LensError(
      'no-ffn-found',
      `No neurons of ${model.identity.id} were chosen: none of its layers has what was asked for. "neuron-lens sites" lists what there is.`,
    );
  }
  const frame = tokenizer.frame.before.length + tokenizer.frame.after.length;
  if (plan.window > model.maximumLength || plan.window <= frame) {
    throw new LensError(
      'usage',
      `A window of ${plan.window} tokens does not fit ${model.identity.id}: choose one from ${frame + 1} to ${model.maximumLength}.`,
    );
  }
  if (corpus.files.length === 0) throw noText(corpus);
}

/** What is said of a corpus without a token. */
export function noText({ skipped, read }: Corpus): LensError {
  const empty = read.length > 0 ? `, and no token in ${firstNames(read.map(({ file }) => file))}` : '';
  return nothingRead('usage', `There is no text to profile${empty}`, skipped);
}
