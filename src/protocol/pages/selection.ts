import * as v from 'valibot';
import { strongestTokensSchema } from '../neuronPageSchema';
import { method } from '../rpc';
import { selectionAnswerSchema } from '../selectionAnswerSchema';
import { definePage, shownProfile } from './page';

/** The page of the neurons that answer to a selection. */
export const selectionPage = definePage({
  name: 'selection',
  requests: {
    selection: method({
      params: v.object({}),
      result: v.object({
        profile: shownProfile,
        answer: selectionAnswerSchema,
        /** What each neuron is likely about, by its id; null where no concepts were tested. */
        meanings: v.nullable(v.record(v.string(), v.string())),
        /** What each answers to most, by its id. */
        tokens: v.record(v.string(), strongestTokensSchema),
      }),
    }),
  },
  /** The whole answer: the page comes back without asking the engine again. */
  state: v.object({
    /** Id of the profile. */
    profile: v.string(),
    answer: selectionAnswerSchema,
  }),
});

export type SelectionRequests = typeof selectionPage.requests;
export type ShownSelection = v.InferOutput<SelectionRequests['selection']['result']>;
