import * as v from 'valibot';
import { ablationAnswerSchema } from '../ablationAnswerSchema';
import { ablationProgressSchema, ablationQuestionSchema, promptTokenSchema } from '../ablationQuestionSchema';
import { ablationRunProgress, corpusAblationRequest, corpusAblationSchema } from '../ablationRuns';
import { method } from '../rpc';
import { count, definePage, shownProfile } from './page';

/** What neurons can be set to, and where. */
export const OPERATIONS = ['mean', 'zero', 'value', 'scale', 'add', 'clamp', 'resample'] as const;
export const PLACES = ['all', 'from', 'last', 'chosen'] as const;

/** What the reader set up. Numbers are as they were typed: what is no number yet is kept, too. */
const setupSchema = v.object({
  prompt: v.string(),
  /** Of a model with an encoder: what its decoder has written so far. */
  decoderPrompt: v.string(),
  /** Such as `L3.N652`. */
  neurons: v.array(v.string()),
  operation: v.picklist(OPERATIONS),
  amount: v.string(),
  /** Of a clamp, whose lower bound is the amount. */
  upper: v.string(),
  unit: v.picklist(['own', 'quantile']),
  place: v.picklist(PLACES),
  from: v.string(),
  /** Numbers of tokens, from 0. */
  chosen: v.array(count),
  controls: v.string(),
  seed: v.string(),
  sampling: v.picklist(['greedy', 'sampled']),
  temperature: v.string(),
  topP: v.string(),
  /** Tokens of a continuation; 0 for none. */
  tokens: v.string(),
});

/** Which of a model's files, as on the command line. */
const modelChoice = v.object({ model: v.string(), dtype: v.optional(v.string()) });

/** An ablation that was made, with what it was asked for. */
const runSchema = v.object({
  setup: setupSchema,
  tokens: v.array(promptTokenSchema),
  answer: ablationAnswerSchema,
});

/** What a run over the corpus is asked for; the profile says of which files. */
const corpusQuestionSchema = v.pick(corpusAblationRequest, [
  'changes',
  'controls',
  'seed',
  'limitTokens',
  'concept',
]);

/** What the reader set up for a run over the corpus, and the run that was made. */
const corpusStateSchema = v.object({
  /** Tokens to be run, as they were typed. */
  tokens: v.string(),
  /** Empty for none; null where nothing was chosen yet: then it is the neurons' own name. */
  concept: v.nullable(v.string()),
  run: v.nullable(v.object({ question: corpusQuestionSchema, answer: corpusAblationSchema })),
});

/** Nothing set up yet: as many tokens as say something, and the neurons' own name. */
export const FIRST_CORPUS: v.InferOutput<typeof corpusStateSchema> = {
  tokens: '2000',
  concept: null,
  run: null,
};

/** The page on which neurons are changed on a prompt. */
export const steerPage = definePage({
  name: 'steer',
  requests: {
    steer: method({
      params: v.object({}),
      result: v.object({
        /** Counts what the page was opened for; the same number after a reload. */
        asked: count,
        model: modelChoice,
        /** The folder of the profile is its id; null without one: then there are no means and no quantiles. */
        profile: v.nullable(shownProfile),
        /** The layers of the profile, with how many neurons each has; null without one. */
        layers: v.nullable(v.array(v.object({ site: v.string(), neurons: count }))),
        /** The text that the page was opened with; null to keep what is there. */
        prompt: v.nullable(v.string()),
        neurons: v.array(v.string()),
      }),
    }),
    /** The tokens of a text, with the special ones around it. */
    tokens: method({ params: v.object({ text: v.string() }), result: v.array(promptTokenSchema) }),
    /** Mean and 99.9 % quantile of neurons in the profile; null of those that it does not have. */
    strengths: method({
      params: v.object({ neurons: v.array(v.string()) }),
      result: v.array(v.nullable(v.object({ mean: v.nullable(v.number()), quantile: v.number() }))),
    }),
    ablate: method({
      params: ablationQuestionSchema,
      result: ablationAnswerSchema,
      progress: ablationProgressSchema,
    }),
    /** What the profile has for a run over its corpus: refused by a page without one. */
    corpus: method({
      params: v.object({ neurons: v.array(v.string()) }),
      result: v.object({
        /** Of the whole corpus. */
        tokens: count,
        files: count,
        /** Of the run that made the profile. */
        tokensPerSecond: v.number(),
        /** Concepts that were tested: names of these neurons first. */
        concepts: v.array(v.string()),
        /** How many of them are such names. */
        own: count,
      }),
    }),
    ablateCorpus: method({
      params: corpusQuestionSchema,
      result: corpusAblationSchema,
      progress: ablationRunProgress,
    }),
  },
  state: v.object({
    asked: count,
    /** Id of the profile. */
    profile: v.nullable(v.string()),
    model: modelChoice,
    setup: setupSchema,
    run: v.nullable(runSchema),
    /** Absent in what was kept before there was such a run. */
    corpus: v.optional(corpusStateSchema, FIRST_CORPUS),
  }),
});

export type SteerRequests = typeof steerPage.requests;
export type SteerSubject = v.InferOutput<SteerRequests['steer']['result']>;
export type SteerState = v.InferOutput<typeof steerPage.state>;
export type SteerSetup = v.InferOutput<typeof setupSchema>;
export type AblationRun = v.InferOutput<typeof runSchema>;
export type CorpusBackground = v.InferOutput<SteerRequests['corpus']['result']>;
export type CorpusAsked = v.InferOutput<typeof corpusQuestionSchema>;
export type CorpusState = v.InferOutput<typeof corpusStateSchema>;
export type Strength = v.InferOutput<SteerRequests['strengths']['result']>[number];
