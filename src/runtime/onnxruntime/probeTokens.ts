import type { ModelPackage } from '../models/modelPackage';
import { openTokenizer } from '../tokenizers/openTokenizer';
import type { StackLimits } from './stackLimits';

/** Prose, a number and punctuation, all of which any vocabulary has. */
export const PROBE_TEXT = 'The keeper lit 3 lamps (quietly), and the cats watched from the old harbour wall.';
/** Ids of a model without a tokenizer. */
const PLAIN_IDS = 16;

/**
 * Ids of a fixed text that models are tried on, or plain numbers where no tokenizer lies beside the model: none that the
 * model does not know, and no more than it takes.
 */
export async function probeTokens(
  { tokenizerPath }: ModelPackage,
  { vocabulary, length }: StackLimits,
): Promise<Uint32Array> {
  const ids =
    tokenizerPath === null
      ? Uint32Array.from({ length: PLAIN_IDS }, (_, id) => id)
      : (await (await openTokenizer(tokenizerPath)).tokenize(PROBE_TEXT)).ids;
  return ids.slice(0, length).map((id) => id % Math.max(1, vocabulary ?? Infinity));
}
