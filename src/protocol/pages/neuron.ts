import * as v from 'valibot';
import { bandSchema, namedPageSchema, neuronFactsSchema, neuronMeaningSchema } from '../neuronPageSchema';
import { exampleSchema } from '../exampleSchema';
import { effectAnswerSchema } from '../headAnswerSchemas';
import { method } from '../rpc';
import { count, definePage, shownProfile, wish } from './page';

const examples = v.array(exampleSchema);
const list = v.picklist(['top', 'bottom', 'bands', 'random']);
/** Those lists of examples that were asked for. */
const lists = v.object({
  top: v.exactOptional(examples),
  bottom: v.exactOptional(examples),
  bands: v.exactOptional(v.array(bandSchema)),
  random: v.exactOptional(examples),
});
/** Which neuron is meant: what comes for another one than the page shows is of no use to it. */
const neuron = v.string();

/** The page of one neuron. */
export const neuronPage = definePage({
  name: 'neuron',
  requests: {
    /** The neuron that the panel is to show, with the one list of examples that is to be seen first. */
    neuron: method({
      params: v.object({ list: v.nullable(list) }),
      result: v.object({
        profile: shownProfile,
        facts: neuronFactsSchema,
        meaning: neuronMeaningSchema,
        /** Value of every stored place, lowest first: how many of them a bar holds. */
        stored: v.array(v.number()),
        examples: lists,
        /** Share of the planned tokens that were seen, 0 to 1; null where it is not known. */
        seenShare: v.nullable(v.number()),
        /** The host can go on with this partial profile. */
        canResume: v.boolean(),
      }),
    }),
    examples: method({ params: v.object({ neuron, list }), result: lists }),
    /** Stored examples with values in `[low, high)`, as of a bar of the histogram. */
    between: method({
      params: v.object({ neuron, low: v.number(), high: v.number() }),
      result: v.object({ examples, stored: count }),
    }),
    /**
     * What the neuron does to the output of its model, asked of the engine; null where that has no head over a vocabulary.
     * `calibrate` compares such effects with ablations, once a model: later answers have it unasked.
     */
    effect: method({
      params: v.object({ neuron, calibrate: v.boolean() }),
      result: v.nullable(effectAnswerSchema),
    }),
    /** All that is known of the neuron, to be exported. */
    whole: method({ params: v.object({ neuron }), result: namedPageSchema }),
    step: wish({ to: v.picklist(['previous', 'next', 'random']) }),
    /** Ask for an address: the host's own input box does it. */
    goToNeuron: wish({}),
    resumeProfile: wish({}),
    restartEngine: wish({}),
  },
  state: v.object({
    /** Id of the profile. */
    profile: v.string(),
    /** Id of the neuron. */
    id: v.string(),
    tab: v.picklist(['top', 'bottom', 'bands', 'random', 'range']),
    scale: v.picklist(['linear', 'square-root', 'example']),
    counts: v.picklist(['log', 'linear']),
    range: v.picklist(['full', 'central']),
    /** Through what the effect on the output is shown. */
    effect: v.optional(v.picklist(['head', 'weights']), 'head'),
    /** Values `[low, high)` of the chosen bar. */
    bin: v.nullable(v.tuple([v.number(), v.number()])),
  }),
});

export type NeuronRequests = typeof neuronPage.requests;
export type NeuronState = v.InferOutput<typeof neuronPage.state>;
export type ShownNeuron = v.InferOutput<NeuronRequests['neuron']['result']>;
