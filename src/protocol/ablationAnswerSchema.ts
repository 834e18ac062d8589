import * as v from 'valibot';
import type { AblationAnswer, ControlEffect } from '../core/cause/ablationAnswer';

const nullableNumber = v.nullable(v.number());

/** A control as it crosses a process. */
export const controlEffectSchema: v.GenericSchema<unknown, ControlEffect> = v.object({
  neurons: v.array(v.string()),
  kl: nullableNumber,
  change: v.number(),
});

/** The answer to an ablation as it crosses a process; extra fields are dropped. */
export const ablationAnswerSchema: v.GenericSchema<unknown, AblationAnswer> = v.object({
  identity: v.number(),
  output: v.picklist(['next', 'mask', 'classes', 'hidden']),
  kl: nullableNumber,
  p: nullableNumber,
  next: v.array(v.object({ id: v.number(), token: v.string(), before: v.number(), after: v.number() })),
  topRank: nullableNumber,
  loss: v.array(
    v.object({
      id: v.number(),
      start: v.number(),
      end: v.number(),
      before: nullableNumber,
      after: nullableNumber,
    }),
  ),
  cosine: v.nullable(v.object({ sentence: v.number(), tokens: v.array(v.number()) })),
  controls: v.array(controlEffectSchema),
  generated: v.nullable(v.object({ before: v.string(), after: v.string() })),
  changed: v.array(v.object({ neuron: v.string(), values: v.array(v.number()) })),
  notices: v.array(v.string()),
});
