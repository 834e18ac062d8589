import * as v from 'valibot';
import type { Example } from '../core/profile/neuronPage';

const count = v.pipe(v.number(), v.minValue(0));

/** A place in the text with the values around it. */
export const exampleSchema: v.GenericSchema<unknown, Example> = v.object({
  value: v.number(),
  percentile: v.number(),
  file: v.string(),
  record: v.nullable(v.number()),
  start: count,
  end: count,
  line: count,
  column: count,
  token: v.string(),
  tokenId: v.number(),
  context: v.object({
    start: count,
    end: count,
    text: v.string(),
    tokens: v.array(v.object({ start: count, end: count, value: v.nullable(v.number()) })),
  }),
  duplicates: count,
  stale: v.boolean(),
  missing: v.boolean(),
});
