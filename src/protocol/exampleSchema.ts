import * as v from 'valibot';
import type { Example } from '../core/profile/neuronPage';

const count = v.pipe(v.number(), v.minValue(0));

/** A token's place in the text of a corpus. */
export const placeEntries = {
  /** As named in the profile: relative to the corpus root, forward slashes. */
  file: v.string(),
  record: v.nullable(v.number()),
  /** UTF-16 offsets, in the file or in the record. */
  start: count,
  end: count,
  /** Counted from 1. */
  line: count,
  column: count,
  /** Text of the place, by which a changed file is searched. */
  token: v.string(),
};

/** A place in the text with the values around it. */
export const exampleSchema: v.GenericSchema<unknown, Example> = v.object({
  value: v.number(),
  percentile: v.number(),
  ...placeEntries,
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
