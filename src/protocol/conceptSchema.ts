import * as v from 'valibot';
import { FAMILIES, SOURCE_NAMES, type ConceptSource } from '../core/concepts/concept';
import type { ShownEvidence } from '../core/concepts/conceptReading';
import type {
  ConceptNeuron,
  ConceptResult,
  ConceptResults,
  NeuronName,
} from '../core/concepts/conceptResults';
import type { ControlOfConcept } from '../core/concepts/controls/conceptControl';
import { exampleSchema } from './exampleSchema';

const count = v.pipe(v.number(), v.minValue(0));
const byHalf = v.object({ a: count, b: count });
const interval = { auroc: v.number(), low: v.number(), high: v.number() };
const controlWinner = v.object({ id: v.string(), ...interval });

export const conceptFamily = v.picklist(FAMILIES);

/** Entries of a neuron's figures for a concept. */
export const conceptNeuronEntries = {
  id: v.string(),
  ...interval,
  ap: v.number(),
  precisionTop1: v.number(),
  threshold: v.number(),
  precision: v.number(),
  recall: v.number(),
  meanDifference: v.number(),
  selectivity: v.number(),
  siblingAuroc: v.exactOptional(v.number()),
  p: v.exactOptional(v.number()),
  q: v.number(),
  onA: v.exactOptional(v.object({ auroc: v.number(), ap: v.number(), precisionTop1: v.number() })),
  named: v.boolean(),
  under: v.nullable(v.string()),
};
const conceptNeuron: v.GenericSchema<unknown, ConceptNeuron> = v.object(conceptNeuronEntries);

export const neuronNameSchema: v.GenericSchema<unknown, NeuronName> = v.object({
  concept: v.string(),
  auroc: v.number(),
  ap: v.number(),
});

/** All figures of a concept as they cross into a webview; extra fields are dropped. */
export const conceptResultSchema: v.GenericSchema<unknown, ConceptResult> = v.object({
  name: v.string(),
  family: conceptFamily,
  source: v.picklist(Object.keys(SOURCE_NAMES) as ConceptSource[]),
  pattern: v.exactOptional(v.string()),
  tag: v.exactOptional(v.string()),
  sibling: v.exactOptional(v.string()),
  refused: v.nullable(v.string()),
  positives: byHalf,
  documents: byHalf,
  share: v.number(),
  split: count,
  chanceMaximum: v.nullable(v.number()),
  control: v.nullable(controlWinner),
  agreement: v.array(v.nullable(v.number())),
  neurons: v.array(conceptNeuron),
  many: v.nullable(
    v.object({
      k: v.array(v.number()),
      auroc: v.array(v.number()),
      ap: v.array(v.number()),
      shuffled: v.array(v.number()),
      whole: v.exactOptional(
        v.object({ layer: v.string(), neurons: count, auroc: v.number(), ap: v.number() }),
      ),
    }),
  ),
});

/** Neurons that carry a name, of all. */
export const namedSchema = v.object({ neurons: count, of: count });

/** What a control that was made beside the test made of it. */
export const controlOfConceptSchema: v.GenericSchema<unknown, ControlOfConcept> = v.object({
  /** `shuffled`, `embedding`, or the folder of another profile. */
  control: v.string(),
  named: namedSchema,
  name: v.string(),
  refused: v.nullable(v.string()),
  neuron: v.nullable(controlWinner),
  whole: v.nullable(v.number()),
  same: v.nullable(v.number()),
});

/** What is known of the run that tested it. */
export const conceptRunSchema: v.GenericSchema<
  unknown,
  Pick<ConceptResults, 'created' | 'quantity' | 'halves' | 'seconds'>
> = v.object({
  created: v.string(),
  quantity: v.picklist(['act', 'pre', 'gate', 'up']),
  halves: v.object({ tokens: byHalf, documents: byHalf, cut: v.boolean(), leftOut: v.exactOptional(count) }),
  seconds: v.exactOptional(count),
});

const examples = v.array(exampleSchema);

/** What a concept's page shows of one neuron. */
export const shownEvidenceSchema: v.GenericSchema<unknown, ShownEvidence> = v.object({
  id: v.string(),
  roc: v.array(v.number()),
  histogram: v.object({
    edges: v.array(v.number()),
    positives: v.array(count),
    others: v.array(count),
  }),
  counts: v.object({ hits: count, misses: count, falseAlarms: count }),
  examples: v.object({ hits: examples, misses: examples, falseAlarms: examples }),
  range: v.number(),
});
