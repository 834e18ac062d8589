import * as v from 'valibot';
import { carriedManifestSchema } from '../core/profile/manifest';
import { ACTIVATION_FUNCTIONS } from '../core/onnx/site';
import { FIGURE_NAMES, type FigureName, STATISTICS } from '../core/stats/statistics';
import type { NamedNeuronPage, NeuronMeaning } from '../core/concepts/neuronMeaning';
import type { Band, NeuronFacts, NeuronPage } from '../core/profile/neuronPage';
import { conceptFamily, conceptNeuronEntries, neuronNameSchema } from './conceptSchema';
import { exampleSchema } from './exampleSchema';

/** A finite number, or null for a non-finite one, as in the JSON of the command line. */
const measured = v.nullable(v.number());
const count = v.pipe(v.number(), v.minValue(0));
const quantity = v.picklist(['act', 'pre', 'gate', 'up']);

/** How each kind of statistic crosses into a webview. */
const KINDS = {
  measure: measured,
  share: v.number(),
  count,
  flag: v.boolean(),
  shareAbove: v.object({ threshold: v.number(), share: v.number() }),
};
const figures = Object.fromEntries(FIGURE_NAMES.map((name) => [name, KINDS[STATISTICS[name].kind]])) as {
  readonly [Name in FigureName]: (typeof KINDS)[(typeof STATISTICS)[Name]['kind']];
};

export const bandSchema: v.GenericSchema<unknown, Band> = v.object({
  from: v.number(),
  to: v.number(),
  low: v.number(),
  high: v.number(),
  count,
  share: v.number(),
  mass: v.number(),
  examples: v.array(exampleSchema),
});

/** What a token is called. */
export const shownTokenEntries = { token: v.string(), tokenId: count };

/** The tokens that a neuron answers to most. */
export const strongestTokensSchema = v.array(v.object({ ...shownTokenEntries, share: v.number(), count }));

const facts = v.object({
  neuron: v.object({
    id: v.string(),
    layer: count,
    part: v.picklist(['model', 'encoder', 'decoder']),
    index: count,
    block: v.exactOptional(count),
    expert: v.exactOptional(count),
    activation: v.picklist(ACTIVATION_FUNCTIONS),
    gated: v.boolean(),
  }),
  quantity,
  stats: v.object({
    ...figures,
    excluded: v.object({
      special: count,
      pad: count,
      firstPosition: count,
      sink: count,
      nonFinite: count,
    }),
  }),
  reading: v.object({
    words: v.array(v.string()),
    sentence: v.string(),
    parts: v.array(v.union([v.string(), v.object({ tokens: v.array(v.object(shownTokenEntries)) })])),
    rules: v.array(v.object({ rule: v.string(), measured: v.string(), holds: v.boolean() })),
  }),
  strongestTokens: strongestTokensSchema,
  histogram: v.object({ edges: v.array(v.number()), counts: v.array(count) }),
  manifest: carriedManifestSchema,
});

/** What is known of a neuron but its examples; extra fields are dropped. */
export const neuronFactsSchema: v.GenericSchema<unknown, NeuronFacts> = facts;

/** The neuron page as it crosses into a webview or stands in a report; extra fields are dropped. */
export const neuronPageSchema: v.GenericSchema<unknown, NeuronPage> = v.object({
  ...facts.entries,
  examples: v.object({
    top: v.array(exampleSchema),
    bottom: v.array(exampleSchema),
    bands: v.array(bandSchema),
    random: v.array(exampleSchema),
  }),
});

/** What the concepts say of a neuron. */
export const neuronMeaningSchema: v.GenericSchema<unknown, NeuronMeaning> = v.object({
  conceptTests: v.nullable(v.object({ tested: count, refused: count })),
  name: v.nullable(neuronNameSchema),
  concepts: v.array(
    v.object({
      name: v.string(),
      family: conceptFamily,
      share: v.number(),
      ...conceptNeuronEntries,
    }),
  ),
});

/** A whole page with what the concepts say of its neuron. */
export const namedPageSchema: v.GenericSchema<unknown, NamedNeuronPage> = v.intersect([
  neuronPageSchema,
  neuronMeaningSchema,
]);
