import * as v from 'valibot';
import type { SelectionAnswer } from '../core/selection/selectionAnswer';

const count = v.pipe(v.number(), v.minValue(0));

/** The answer to a selection as it crosses into a webview; extra fields are dropped. */
export const selectionAnswerSchema: v.GenericSchema<unknown, SelectionAnswer> = v.object({
  source: v.nullable(
    v.object({ file: v.string(), start: count, end: count, firstLine: count, lastLine: count }),
  ),
  text: v.string(),
  tokens: v.array(
    v.object({ start: count, end: count, leftOut: v.optional(v.picklist(['special', 'firstPosition'])) }),
  ),
  tokensLeftOut: count,
  model: v.string(),
  quantity: v.picklist(['act', 'pre', 'gate', 'up']),
  background: v.object({ profile: v.string(), tokens: count }),
  neurons: count,
  rows: v.array(
    v.object({
      id: v.string(),
      peak: count,
      value: v.number(),
      percentile: v.number(),
      values: v.array(v.nullable(v.number())),
      background: v.object({
        min: v.number(),
        max: v.number(),
        edges: v.array(v.number()),
        counts: v.array(count),
      }),
    }),
  ),
  seconds: v.number(),
});
