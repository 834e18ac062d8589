import * as v from 'valibot';
import { CONCEPT_STEPS } from '../core/concepts/conceptRequest';
import type { TextLabels } from '../core/concepts/own/textLabels';
import { selfTestSchema } from '../core/profile/manifest';
import type { FileRange } from '../core/text/document';
import { PATCH_PLACES } from '../core/cause/promptAlignment';
import { ablationAnswerSchema } from './ablationAnswerSchema';
import { ablationProgressSchema, ablationQuestionSchema, promptTokenSchema } from './ablationQuestionSchema';
import {
  corpusAblationRequest,
  corpusAblationSchema,
  layerCostsRequest,
  layerCostsSchema,
  layerRequest,
  rankedLayerSchema,
  ablationRunProgress,
} from './ablationRuns';
import { modelChoice } from './modelChoice';
import { count } from './pages/page';
import { attributionAnswerSchema, effectAnswerSchema } from './headAnswerSchemas';
import { mostDifferentSchema, promptsAnswerSchema } from './promptsAnswerSchema';
import { selectionAnswerSchema } from './selectionAnswerSchema';
import { method } from './rpc';

const filePlace = v.object({ line: count, column: count });

/** Lines and columns count from 1. */
export const fileRangeSchema: v.GenericSchema<unknown, FileRange> = v.object({
  from: filePlace,
  to: filePlace,
});

const profileRequest = v.object({
  /** Absolute paths of files and folders. */
  inputs: v.pipe(v.array(v.string()), v.minLength(1)),
  /** Absolute path that file names in the profile are relative to. */
  root: v.string(),
  /** The stretch that is read of the one file in `inputs`; all of it if not given. */
  range: v.optional(fileRangeSchema),
  ...modelChoice,
  /** Absolute path of the profile folder. */
  out: v.string(),
  /** Globs of files to leave out. */
  exclude: v.array(v.string()),
  /** Go on with the partial profile that is in `out`. */
  resume: v.boolean(),
  threads: v.nullable(v.number()),
});

const profileProgress = v.object({
  tokensDone: count,
  /** Estimated until all files are read; 0 while nothing is known. */
  tokensTotal: count,
  tokensPerSecond: count,
  secondsLeft: v.nullable(count),
  filesDone: count,
  filesTotal: count,
  /** The folder in `out` can be opened as a profile. */
  readable: v.boolean(),
});

const profileOutcome = v.object({
  state: v.picklist(['complete', 'partial', 'running']),
  tokens: count,
  seconds: count,
  /** Sentences for the reader, such as how many binary files were skipped. */
  notices: v.array(v.string()),
});

/** A text as the editor holds it, which may differ from the file on disk. */
const openText = v.object({
  /** Absolute path; null for a text without a file. */
  file: v.nullable(v.string()),
  text: v.string(),
});

const neuronHere = v.object({
  id: v.string(),
  value: v.number(),
  /** Share of the profile's population below this value, in percent. */
  percentile: v.number(),
});

const tokenRequest = v.object({
  ...modelChoice,
  /** Absolute path of the profile that percentiles refer to. */
  profile: v.string(),
  source: openText,
  /** UTF-16 offset into the text. */
  offset: count,
  /** Neuron to tell of besides the strongest ones, such as `L3.N652`. */
  chosen: v.nullable(v.string()),
  /** How many of the strongest neurons. */
  limit: count,
});

const tokenAnswer = v.nullable(
  v.object({
    token: v.object({
      /** UTF-16 offsets into the text, `[start, end)`. */
      start: count,
      end: count,
      id: count,
      /** Place among the tokens of the document, counted from 1. */
      number: count,
      of: count,
      /** Why it is outside the profile's population, or null. */
      leftOut: v.nullable(v.picklist(['special', 'firstPosition'])),
    }),
    /** Tokens in the profile's population. */
    background: count,
    chosen: v.nullable(neuronHere),
    /** By percentile, then by excess over the 99.9 % quantile; best first. */
    strongest: v.array(neuronHere),
  }),
);

const selectionRequest = v.object({
  ...modelChoice,
  profile: v.string(),
  source: openText,
  /** UTF-16 offsets into the text, `[start, end)`. */
  start: count,
  end: count,
  limit: count,
});

const textLabels: v.GenericSchema<unknown, TextLabels> = v.object({
  name: v.string(),
  source: v.picklist(['editor', 'git']),
  pattern: v.string(),
  files: v.array(v.object({ file: v.string(), bounds: v.instance(Uint32Array) })),
});

const conceptsRequest = v.object({
  ...modelChoice,
  /** Absolute path of the profile's folder. */
  profile: v.string(),
  /** The starter set and the concepts of the corpus's folder; both if not given. */
  sources: v.optional(v.array(v.picklist(['starter', 'own']))),
  /** Concepts whose labels the editor has. */
  labels: v.optional(v.array(textLabels)),
  /** Names of concepts that alone are tested, beside what the last test gave of the others; all if not given. */
  only: v.optional(v.pipe(v.array(v.string()), v.minLength(1))),
  threads: v.nullable(v.number()),
});

const conceptsProgress = v.object({
  step: v.picklist(CONCEPT_STEPS),
  /** Tokens of the step, done and in all; of the last step concepts. */
  done: count,
  total: count,
});

const conceptsOutcome = v.object({
  /** Concepts with figures, and those that were refused. */
  tested: count,
  refused: count,
  /** Neurons that carry a name, of all. */
  named: count,
  neurons: count,
  /** Whether it was stopped before all were measured. */
  partial: v.boolean(),
  /** Sentences for the reader, such as which concepts of the corpus's folder were left out. */
  notices: v.array(v.string()),
});

const controlRequest = v.object({
  ...modelChoice,
  /** Absolute path of the folder of the profile on which concepts were tested. */
  profile: v.string(),
  /** `shuffled`, `embedding`, or the absolute path of another profile of the model. */
  control: v.pipe(v.string(), v.minLength(1)),
  /** Concepts of the test whose labels the editor has. */
  labels: v.optional(v.array(textLabels)),
  threads: v.nullable(v.number()),
});

const controlOutcome = v.object({
  control: v.string(),
  /** Neurons that would carry a name, of all. */
  named: v.object({ neurons: count, of: count }),
  /** Concepts of the test with figures, and those without. */
  tested: count,
  refused: count,
  /** Sentences for the reader. */
  notices: v.array(v.string()),
});

const ablationRequest = v.object({ ...modelChoice, ...ablationQuestionSchema.entries });

const promptRequest = v.object({ ...modelChoice, text: v.string() });

const effectRequest = v.object({
  ...modelChoice,
  /** Such as `L3.N652`. */
  neuron: v.string(),
  /** The text whose residual stream the head is run on; a fixed one if null. */
  text: v.nullable(v.string()),
  /** Absolute path of the profile that the neuron's strength is read from, or null. */
  profile: v.nullable(v.string()),
  /** Tokens on each side. */
  tokens: count,
  calibrate: v.boolean(),
});

const towardRequest = v.object({
  ...modelChoice,
  /** Absolute path of the profile whose neurons are meant. */
  profile: v.string(),
  /** As on the command line: its text, or `#262`. */
  token: v.string(),
  /** How many neurons. */
  limit: count,
});

const towardAnswer = v.object({
  id: count,
  token: v.string(),
  /** Those that write most toward it, best first: effect on its logit, less the mean over the vocabulary. */
  neurons: v.array(v.object({ id: v.string(), effect: v.number() })),
});

const weightsRequest = v.object({
  ...modelChoice,
  /** Absolute path of the profile that the figures are kept with. */
  profile: v.string(),
});

const attributionRequest = v.object({
  ...modelChoice,
  text: v.string(),
  /** The next token that is asked about, as on the command line; the likeliest if null. */
  token: v.nullable(v.string()),
  against: v.nullable(v.string()),
  /** Neurons that are listed. */
  neurons: count,
  /** false: they are not checked by ablation, which takes many times as long. */
  check: v.optional(v.boolean()),
  seed: count,
});

const promptsRequest = v.object({
  ...modelChoice,
  prompts: v.pipe(v.array(v.string()), v.minLength(1)),
  /** Such as `L3.N652`. */
  neurons: v.array(v.string()),
  /** Values of which prompt go where, as places in `prompts`; null: none. */
  patch: v.nullable(v.object({ from: count, to: count, at: v.picklist(PATCH_PLACES) })),
  controls: count,
  seed: count,
});

const differenceRequest = v.object({
  ...modelChoice,
  from: v.string(),
  to: v.string(),
  /** Absolute path of the profile whose 99.9 % quantiles are the unit, or null. */
  profile: v.nullable(v.string()),
  /** Neurons that are shown already. */
  without: v.array(v.string()),
});

const modelRequest = v.object({
  ...modelChoice,
  /** Makes the self-test also where it was made before. */
  again: v.optional(v.boolean()),
});

const modelDescription = v.object({
  id: v.string(),
  layers: count,
  neurons: count,
  activation: v.string(),
  dtype: v.string(),
  selfTest: selfTestSchema,
});

/** What the editor asks of the engine process. */
export const engineContract = {
  /** Opens a model once, to see that it works. */
  describeModel: method({ params: modelRequest, result: modelDescription }),
  /** The main job. Cancelling keeps what is done: the call then succeeds with a partial profile. */
  profile: method({ params: profileRequest, result: profileOutcome, progress: profileProgress }),
  /** The token at a place and what fires there; null where no token is. */
  tokenAt: method({ params: tokenRequest, result: tokenAnswer }),
  selection: method({ params: selectionRequest, result: selectionAnswerSchema }),
  /** What the model's output makes of changed neurons. */
  ablate: method({ params: ablationRequest, result: ablationAnswerSchema, progress: ablationProgressSchema }),
  /** The change of the loss over a corpus. Others are answered between its batches. */
  ablateCorpus: method({
    params: corpusAblationRequest,
    result: corpusAblationSchema,
    progress: ablationRunProgress,
  }),
  /** What it would take to rank the neurons of each layer. */
  layerCosts: method({ params: layerCostsRequest, result: layerCostsSchema }),
  /** The neurons of a layer, each changed alone. Others are answered between its batches. */
  rankLayer: method({ params: layerRequest, result: rankedLayerSchema, progress: ablationRunProgress }),
  /** The tokens of a text, with the special ones that the tokenizer's own configuration puts around it. */
  promptTokens: method({ params: promptRequest, result: v.array(promptTokenSchema) }),
  /** The tokens that a neuron promotes and suppresses. */
  effect: method({ params: effectRequest, result: effectAnswerSchema }),
  /** What wrote the next token. */
  attribute: method({ params: attributionRequest, result: attributionAnswerSchema }),
  /** Prompts side by side. */
  comparePrompts: method({ params: promptsRequest, result: promptsAnswerSchema }),
  /** The neuron that differs most between two prompts. */
  mostDifferent: method({ params: differenceRequest, result: mostDifferentSchema }),
  /** Which neurons write toward a token. */
  toward: method({ params: towardRequest, result: towardAnswer }),
  /** Computes the figures of the weights of all neurons of a profile, and keeps them with it. */
  weights: method({ params: weightsRequest, result: v.null_() }),
  /**
   * Tests concepts on a profile and keeps the results beside it. Cancelling keeps those that are measured: the call then
   * succeeds; with none it fails, and what an earlier test gave stays.
   */
  concepts: method({ params: conceptsRequest, result: conceptsOutcome, progress: conceptsProgress }),
  /**
   * Makes a control of the concepts that were tested on a profile and keeps it beside that test. Cancelling keeps nothing
   * of it.
   */
  conceptControl: method({ params: controlRequest, result: controlOutcome, progress: conceptsProgress }),
};

export type EngineContract = typeof engineContract;
export type ProfileRequest = v.InferOutput<typeof profileRequest>;
export type ProfileProgress = v.InferOutput<typeof profileProgress>;
export type ProfileOutcome = v.InferOutput<typeof profileOutcome>;
export type DescribeRequest = v.InferOutput<typeof modelRequest>;
export type TokenRequest = v.InferOutput<typeof tokenRequest>;
export type TokenReply = v.InferOutput<typeof tokenAnswer>;
export type AblationRequest = v.InferOutput<typeof ablationRequest>;
export type EffectRequest = v.InferOutput<typeof effectRequest>;
export type TowardRequest = v.InferOutput<typeof towardRequest>;
export type TowardReply = v.InferOutput<typeof towardAnswer>;
export type WeightsRequest = v.InferOutput<typeof weightsRequest>;
export type AttributionRequest = v.InferOutput<typeof attributionRequest>;
export type PromptRequest = v.InferOutput<typeof promptRequest>;
export type PromptsRequest = v.InferOutput<typeof promptsRequest>;
export type DifferenceRequest = v.InferOutput<typeof differenceRequest>;
export type SelectionRequest = v.InferOutput<typeof selectionRequest>;
export type ConceptsRequest = v.InferOutput<typeof conceptsRequest>;
export type ConceptsProgress = v.InferOutput<typeof conceptsProgress>;
export type ConceptsOutcome = v.InferOutput<typeof conceptsOutcome>;
export type ControlRequest = v.InferOutput<typeof controlRequest>;
export type ControlOutcome = v.InferOutput<typeof controlOutcome>;
export type ModelDescription = v.InferOutput<typeof modelDescription>;

/** The engine says that it lives this often, in milliseconds. */
export const HEARTBEAT_INTERVAL = 5_000;
/** After this long without a word while a call is under way, the engine counts as hung; in milliseconds. */
export const SILENCE_LIMIT = 120_000;
