import * as v from 'valibot';
import { SORT_KEYS } from '../../core/stats/statistics';
import { shownTokenEntries } from '../neuronPageSchema';
import { layerStripsSchema, overviewAnswerSchema } from '../overviewSchema';
import { method } from '../rpc';
import { definePage, shownProfile, wish } from './page';

/** The page of a whole profile. */
export const overviewPage = definePage({
  name: 'overview',
  requests: {
    /** The profile that the panel is to show. */
    overview: method({
      params: v.object({}),
      result: v.object({ profile: shownProfile, overview: overviewAnswerSchema }),
    }),
    /** The layers by another metric. */
    strips: method({ params: v.object({ metric: v.picklist(SORT_KEYS) }), result: layerStripsSchema }),
    /** The tokens that neurons are strongest on, in their order; behind the paint, as each neuron is opened for it. */
    strongestTokens: method({
      params: v.object({ neurons: v.array(v.string()) }),
      result: v.array(v.array(v.object(shownTokenEntries))),
    }),
    /** Test concepts on the profile. */
    testConcepts: wish({}),
    /** Make the control with shuffled weights. */
    testShuffled: wish({}),
    saveReport: wish({}),
  },
  state: v.object({
    /** Id of the profile. */
    profile: v.string(),
    metric: v.picklist(SORT_KEYS),
    /** Whether all of the neurons worth looking at are shown. */
    all: v.boolean(),
  }),
});

export type OverviewRequests = typeof overviewPage.requests;
export type OverviewState = v.InferOutput<typeof overviewPage.state>;
export type ShownOverview = v.InferOutput<OverviewRequests['overview']['result']>;
