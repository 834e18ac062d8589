import * as v from 'valibot';
import { PATCH_PLACES } from '../../core/cause/promptAlignment';
import { attributionAnswerSchema } from '../headAnswerSchemas';
import { mostDifferentSchema, promptsAnswerSchema } from '../promptsAnswerSchema';
import { method } from '../rpc';
import { count, definePage, shownProfile } from './page';

/** Prompts that fit beside each other. */
export const MOST_PROMPTS = 6;

const prompts = v.pipe(v.array(v.string()), v.maxLength(MOST_PROMPTS));
/** Addresses such as `L3.N652`. */
const neurons = v.array(v.string());
/** Values of which prompt go into which, by their places. */
const patch = v.nullable(v.object({ from: count, to: count, at: v.picklist(PATCH_PLACES) }));
/** What each neuron is likely about, by its id; null where no concepts were tested. */
const meanings = v.nullable(v.record(v.string(), v.string()));
/** Which next token is asked about, as on the command line; null: the likeliest, and nothing to hold it against. */
const asked = { token: v.nullable(v.string()), against: v.nullable(v.string()) };
const seconds = count;

/** The page of prompts side by side, and of what wrote their next tokens. */
export const promptPage = definePage({
  name: 'prompt',
  requests: {
    /** What the page begins with. */
    prompts: method({
      params: v.object({}),
      result: v.object({
        /** The profile that scales and meanings are of; null where there is none. */
        profile: v.nullable(shownProfile),
        model: v.object({ id: v.string(), dtype: v.nullable(v.string()) }),
        prompts,
        neurons,
      }),
    }),
    compare: method({
      params: v.object({ prompts, neurons, patch }),
      result: v.object({
        answer: promptsAnswerSchema,
        /** [neurons] Size that has the full colour: of the profile, or null without one. */
        ranges: v.array(v.nullable(v.number())),
        meanings,
        seconds,
      }),
    }),
    /** The neuron that differs most between two prompts. */
    mostDifferent: method({
      params: v.object({ from: v.string(), to: v.string(), without: neurons }),
      result: mostDifferentSchema,
    }),
    /** What wrote the next token of a text, checked by ablation where that is asked for. */
    attribute: method({
      params: v.object({ text: v.string(), ...asked, check: v.boolean() }),
      result: v.object({ answer: attributionAnswerSchema, meanings, seconds }),
    }),
  },
  state: v.object({
    /** Id of the profile, or null. */
    profile: v.nullable(v.string()),
    model: v.string(),
    dtype: v.nullable(v.string()),
    prompts,
    neurons,
    /** The neuron that colours the prompts. */
    colouring: v.nullable(v.string()),
    patch,
    question: v.object({ prompt: count, ...asked }),
  }),
});

export type PromptRequests = typeof promptPage.requests;
export type PromptState = v.InferOutput<typeof promptPage.state>;
export type ShownPrompts = v.InferOutput<PromptRequests['prompts']['result']>;
export type ShownComparison = v.InferOutput<PromptRequests['compare']['result']>;
export type ShownAttribution = v.InferOutput<PromptRequests['attribute']['result']>;
export type Patch = PromptState['patch'];
