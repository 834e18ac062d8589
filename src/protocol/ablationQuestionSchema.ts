import * as v from 'valibot';
import { ablationAnswerSchema } from './ablationAnswerSchema';
import { changedQuantity } from './modelChoice';
import { count } from './pages/page';

/** What an ablation is asked for, whichever the model. */
export const ablationQuestionSchema = v.object({
  text: v.string(),
  /** Of a model with an encoder: what its decoder has written so far. */
  decoderText: v.optional(v.string()),
  /** Each as on the command line, such as `L3.N652=0` (docs/cli.md). */
  changes: v.pipe(v.array(v.string()), v.minLength(1)),
  quantity: changedQuantity,
  /** `all`, `last`, `N-` or a list of token numbers from 0. */
  at: v.string(),
  controls: count,
  /** Of the controls and of all that is drawn. */
  seed: count,
  generation: v.nullable(v.object({ tokens: count, temperature: count, topP: v.number() })),
});

/** All but the continuations, before these are begun; and each as far as it is written. */
export const ablationProgressSchema = v.variant('kind', [
  v.object({ kind: v.literal('measured'), answer: ablationAnswerSchema }),
  v.object({ kind: v.literal('written'), side: v.picklist(['before', 'after']), text: v.string() }),
]);

/** A token as a model is given it: UTF-16 offsets into the text, and what the vocabulary calls it. */
export const promptTokenSchema = v.object({
  id: count,
  start: count,
  end: count,
  special: v.boolean(),
  piece: v.string(),
});

export type AskedAblation = v.InferOutput<typeof ablationQuestionSchema>;
export type AblationProgress = v.InferOutput<typeof ablationProgressSchema>;
export type PromptToken = v.InferOutput<typeof promptTokenSchema>;
