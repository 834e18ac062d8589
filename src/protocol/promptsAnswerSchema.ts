import * as v from 'valibot';
import type { MostDifferent, PromptsAnswer } from '../core/cause/promptsAnswer';
import { controlEffectSchema } from './ablationAnswerSchema';

const nullableNumber = v.nullable(v.number());

/** Prompts side by side, as they cross a process; extra fields are dropped. */
export const promptsAnswerSchema: v.GenericSchema<unknown, PromptsAnswer> = v.object({
  output: v.nullable(v.picklist(['next', 'mask', 'classes', 'hidden'])),
  neurons: v.array(v.string()),
  prompts: v.array(
    v.object({
      tokens: v.array(v.object({ id: v.number(), start: v.number(), end: v.number(), piece: v.string() })),
      tokensLeftOut: v.number(),
      values: v.array(v.array(v.number())),
      reason: v.nullable(v.string()),
    }),
  ),
  next: v.array(
    v.object({
      id: v.number(),
      token: v.string(),
      shares: v.array(nullableNumber),
      patched: nullableNumber,
    }),
  ),
  patch: v.nullable(
    v.object({
      pairs: v.number(),
      kl: nullableNumber,
      change: v.number(),
      controls: v.array(controlEffectSchema),
      p: nullableNumber,
      identity: v.number(),
    }),
  ),
  notices: v.array(v.string()),
});

export const mostDifferentSchema: v.GenericSchema<unknown, MostDifferent> = v.object({
  neuron: v.string(),
  difference: v.number(),
  unit: v.picklist(['quantile', 'written']),
});
