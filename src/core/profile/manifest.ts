import * as v from 'valibot';
import type { SelfTest } from '../common/selfTest';

/** Version of the profile format; a reader refuses a higher one with a sentence. */
export const PROFILE_VERSION = 3;

const count = v.pipe(v.number(), v.finite(), v.minValue(0));
const moment = v.pipe(
  v.string(),
  v.check((text) => !Number.isNaN(Date.parse(text))),
);
const index = v.pipe(v.number(), v.integer(), v.minValue(0));
const leftOut = v.object({
  binary: count,
  ignored: count,
  unreadable: count,
  brokenRecords: count,
  /** The same again, divided by reason (`SkipCounts`); empty in profiles of before they were told apart. */
  reasons: v.optional(v.record(v.string(), count), {}),
});

/** The self-test of a model file, as the manifest and the cache of self-tests keep it. */
export const selfTestSchema: v.GenericSchema<unknown, SelfTest> = v.object({
  passed: v.nullable(v.boolean()),
  largestDifference: v.nullable(v.number()),
  checks: v.array(
    v.object({
      site: v.string(),
      largestDifference: v.nullable(v.number()),
      allowed: v.nullable(v.number()),
      peak: v.nullable(v.number()),
      reason: v.nullable(v.string()),
    }),
  ),
});

/** What a segment summarises. */
const segmentEntry = v.object({
  /** Folder within the profile. */
  name: v.pipe(v.string(), v.regex(/^(segments|snapshots)\/\d+$/)),
  /** Documents of which it holds something: `documents.arrow` lists them. Format 1 named them here. */
  units: v.union([
    index,
    v.pipe(
      v.array(v.string()),
      v.transform((units) => units.length),
    ),
  ]),
  /** Tokens of text, whether in the population or left out of it. */
  tokens: count,
});

/** What was written as a file. */
const fileRecord = v.object({
  bytes: index,
  /** Of the whole file, hexadecimal. */
  sha256: v.string(),
  /** XXH32 of its first bytes, and how many these are: all, where readers take all of it in. */
  checked: index,
  xxh32: index,
});

/** The record on which merging, staleness and reports rest: the `manifest` of docs/cli.md. */
export const manifestSchema = v.object({
  version: v.pipe(v.number(), v.integer(), v.minValue(1)),
  tool: v.string(),
  /** ISO 8601, UTC. */
  created: moment,
  state: v.picklist(['complete', 'partial', 'running']),
  model: v.object({
    id: v.string(),
    file: v.string(),
    sha256: v.string(),
    dtype: v.string(),
    opset: v.number(),
    activation: v.string(),
  }),
  /** Of the model's file; null where none was made, as in profiles of before there was one. */
  selfTest: v.optional(v.nullable(selfTestSchema), null),
  tokenizer: v.object({ sha256: v.string() }),
  plan: v.object({
    /** Tokens a window, the special tokens around it included. */
    window: index,
    stride: index,
    scoring: v.picklist(['left', 'nearer']),
    quantity: v.array(v.picklist(['act', 'pre', 'gate', 'up'])),
    /** First and last layer profiled. */
    layers: v.tuple([index, index]),
    keepSpecial: v.boolean(),
    keepSinks: v.boolean(),
    dropSinks: v.nullable(v.number()),
    seed: v.number(),
  }),
  corpus: v.object({
    root: v.string(),
    files: count,
    documents: count,
    /** Tokens of text, each counted once, whether in the population or left out of it. */
    tokens: count,
    /** Those of them that stand for text that the vocabulary does not have, such as [UNK]. */
    unknownTokens: v.optional(count, 0),
    /** Of the files' names and hashes. */
    sha256: v.string(),
    /** Files found under the inputs and not profiled, and records left out of others. */
    skipped: leftOut,
    /** How many files were read in an encoding that was only likely, by its name. */
    guessedEncodings: v.optional(v.record(v.string(), count), {}),
    /** Where the run was to stop short of the whole corpus. */
    limitTokens: v.nullable(count),
    /** Which part of the corpus this is, where it was split. */
    shard: v.nullable(v.object({ index, of: index })),
  }),
  engine: v.object({ onnxruntime: v.string(), provider: v.string(), batchTokens: count }),
  segments: v.array(segmentEntry),
  /** Every file of the profile but this one; null in format 1. */
  files: v.optional(v.nullable(v.record(v.string(), fileRecord)), null),
  /** Folder of the snapshot in use while a profile is not complete, else null. */
  snapshot: v.nullable(v.pipe(v.string(), v.regex(/^snapshots\/\d+$/))),
  /** Median norm of a token's activations by table, on a fixed sample, where sinks are dropped by it. */
  sinkMedians: v.nullable(v.array(v.number())),
  seconds: v.number(),
  tokensPerSecond: v.number(),
});

type DeepReadonly<T> = T extends (infer Entry)[]
  ? readonly DeepReadonly<Entry>[]
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
    : T;

export type Manifest = DeepReadonly<v.InferOutput<typeof manifestSchema>>;
/** The manifest as pages and reports carry it: without what is of no use beside the files. */
export type CarriedManifest = Omit<Manifest, 'files'>;
export const carriedManifestSchema = v.omit(manifestSchema, ['files']);

export function carried({ files: _, ...manifest }: Manifest): CarriedManifest {
  return manifest;
}

export type ProfileState = Manifest['state'];
export type SegmentEntry = Manifest['segments'][number];
export type ProfilePlan = Manifest['plan'];
