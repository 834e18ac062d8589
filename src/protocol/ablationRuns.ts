import * as v from 'valibot';
import { TOKEN_GROUPS, type CorpusAblation } from '../core/cause/corpusAnswer';
import type { LayerCost, RankedLayer } from '../core/cause/rankedLayer';
import { changedQuantity, modelChoice } from './modelChoice';
import { count } from './pages/page';

/** Ablations that take long: over a corpus, and of a layer's neurons in turn. */

export const corpusAblationRequest = v.object({
  ...modelChoice,
  /** Absolute paths of files and folders. */
  inputs: v.pipe(v.array(v.string()), v.minLength(1)),
  /** Absolute path that file names in the answer are relative to. */
  root: v.string(),
  /** Globs of files to leave out. */
  exclude: v.array(v.string()),
  /** Each as on the command line, such as `L3.N652=0` (docs/cli.md). */
  changes: v.pipe(v.array(v.string()), v.minLength(1)),
  quantity: changedQuantity,
  controls: count,
  seed: count,
  limitTokens: count,
  /** Absolute path of the profile that says where a neuron is in its top band, or null. */
  profile: v.nullable(v.string()),
  /** A concept that was tested on that profile, whose tokens are told apart, or null. */
  concept: v.nullable(v.string()),
});

export const layerRequest = v.object({
  ...modelChoice,
  text: v.string(),
  /** As on the command line, such as `L3=0`. */
  change: v.string(),
  /** `all`, `last`, `N-` or a list of token numbers from 0. */
  at: v.string(),
  quantity: changedQuantity,
  seed: count,
});

export const layerCostsRequest = v.object({ ...modelChoice, text: v.string() });

/** Windows of a corpus, or neurons of a layer. */
export const ablationRunProgress = v.object({ done: count, total: count });

const nullableNumber = v.nullable(v.number());

export const corpusAblationSchema: v.GenericSchema<unknown, CorpusAblation> = v.object({
  identity: v.number(),
  tokens: count,
  documents: count,
  groups: v.array(
    v.object({
      group: v.picklist(TOKEN_GROUPS),
      tokens: count,
      documents: count,
      before: v.number(),
      after: v.number(),
      change: v.number(),
      low: nullableNumber,
      high: nullableNumber,
      controls: v.array(v.number()),
      p: nullableNumber,
    }),
  ),
  largest: v.array(
    v.object({
      file: v.string(),
      line: count,
      column: count,
      token: v.string(),
      before: v.number(),
      after: v.number(),
    }),
  ),
  controls: v.array(v.array(v.string())),
  notices: v.array(v.string()),
});

export const rankedLayerSchema: v.GenericSchema<unknown, RankedLayer> = v.object({
  identity: v.number(),
  output: v.picklist(['next', 'mask', 'classes', 'hidden']),
  ranked: v.array(v.object({ neuron: v.string(), activation: nullableNumber, change: v.number() })),
});

export const layerCostsSchema: v.GenericSchema<unknown, LayerCost[]> = v.array(
  v.object({ layer: v.string(), neurons: count, seconds: count }),
);

export type CorpusAblationRequest = v.InferOutput<typeof corpusAblationRequest>;
export type LayerRequest = v.InferOutput<typeof layerRequest>;
export type LayerCostsRequest = v.InferOutput<typeof layerCostsRequest>;
export type AblationRunProgress = v.InferOutput<typeof ablationRunProgress>;
