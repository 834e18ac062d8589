import * as v from 'valibot';
import { FAMILIES } from '../core/concepts/concept';
import type { OverviewAnswer } from '../core/overview/overviewAnswer';
import type { LayerStrips } from '../core/overview/layerStrips';
import { carriedManifestSchema } from '../core/profile/manifest';
import { SORT_KEYS } from '../core/stats/statistics';
import { namedSchema, neuronNameSchema } from './conceptSchema';

const count = v.pipe(v.number(), v.minValue(0));

export const layerStripsSchema: v.GenericSchema<unknown, LayerStrips> = v.object({
  metric: v.picklist(SORT_KEYS),
  edges: v.array(v.number()),
  layers: v.array(
    v.object({
      layer: v.string(),
      neurons: count,
      dead: count,
      shades: v.array(count),
      withoutValue: count,
      median: v.nullable(v.number()),
    }),
  ),
});

const namedOverviewSchema = v.object({
  tested: count,
  refused: count,
  partial: v.boolean(),
  named: namedSchema,
  shuffled: v.nullable(namedSchema),
  byLayer: v.array(count),
  families: v.array(
    v.object({ family: v.picklist(FAMILIES), tested: count, withNeuron: count, neurons: count }),
  ),
});

/** What the overview of a profile shows. */
export const overviewAnswerSchema: v.GenericSchema<unknown, OverviewAnswer> = v.object({
  manifest: carriedManifestSchema,
  neurons: count,
  dead: count,
  constant: count,
  scored: count,
  named: v.nullable(namedOverviewSchema),
  first: v.array(v.object({ id: v.string(), name: v.nullable(neuronNameSchema), why: v.string() })),
  notes: v.array(
    v.object({ tone: v.picklist(['info', 'warning', 'error']), head: v.string(), text: v.string() }),
  ),
  strips: layerStripsSchema,
  sample: v.object({
    neurons: v.array(v.object({ id: v.string(), layer: count, density: v.number(), kurtosis: v.number() })),
    of: count,
  }),
});
