import type { ShownEvidence } from '../../src/core/concepts/conceptReading';
import type { ConceptNeuron, ConceptResult } from '../../src/core/concepts/conceptResults';
import type { ControlOfConcept } from '../../src/core/concepts/controls/conceptControl';
import type { ShownConcept } from '../../src/protocol/pages/concept';
import { samplePage, type HostWords } from './messages';

const NEURONS: readonly (readonly [
  id: string,
  auroc: number,
  low: number,
  high: number,
  ap: number,
  top: number,
])[] = [
  ['L3.N652', 0.981, 0.974, 0.987, 0.84, 0.32],
  ['L3.N1188', 0.921, 0.905, 0.936, 0.61, 0.24],
  ['L5.N90', 0.914, 0.899, 0.93, 0.58, 0.22],
  ['L2.N1404', 0.902, 0.884, 0.919, 0.47, 0.19],
  ['L18.N904', 0.118, 0.096, 0.142, 0.41, 0.17],
  ['L7.N204', 0.861, 0.838, 0.884, 0.52, 0.21],
  ['L14.N611', 0.824, 0.79, 0.856, 0.33, 0.13],
];

/** Nearer to chance. */
const halfway = (auroc: number): number => 0.5 + (auroc - 0.5) / 2;

function neuron([id, auroc, low, high, ap, precisionTop1]: (typeof NEURONS)[number]): ConceptNeuron {
  const strength = Math.max(auroc, 1 - auroc);
  const selectivity = strength - 0.661;
  const named = strength > 0.8 && ap >= 0.5 && selectivity > 0.2;
  return {
    ...{ id, auroc, low, high, ap, precisionTop1, selectivity, named },
    ...{ threshold: auroc < 0.5 ? -1.45 : 1.45, precision: 0.88, recall: 0.79, meanDifference: 5.9 },
    ...{ siblingAuroc: 0.93, p: 1e-8, q: 2e-7, under: null },
    onA: { auroc: halfway(auroc), ap: 1 - ap, precisionTop1 },
  };
}

/** A made-up concept of the reader's own, with a neuron that another concept explains better and one of low values. */
export const sampleConcept: ConceptResult = {
  ...{ name: 'Duration unit', family: 'own', source: 'regex' },
  pattern: '\\b(?:milli)?(?:seconds?|minutes?|hours?|days?|ms)\\b',
  ...{ sibling: 'numbers', refused: null, share: 0.00336, split: 31 },
  ...{ positives: { a: 2104, b: 2087 }, documents: { a: 96, b: 91 } },
  chanceMaximum: 0.043,
  control: { id: 'L0.N981', auroc: 0.661, low: 0.628, high: 0.694 },
  agreement: [0.71, 0.64, null],
  neurons: NEURONS.map(neuron).map((one) =>
    one.id === 'L3.N1188' ? { ...one, under: 'Number with unit' } : one,
  ),
  many: {
    k: [1, 2, 4, 8, 16],
    auroc: [0.981, 0.985, 0.988, 0.99, 0.991],
    ap: [0.84, 0.86, 0.88, 0.9, 0.9],
    shuffled: [0.66, 0.67, 0.68, 0.7, 0.71],
    whole: { layer: 'L3', neurons: 1536, auroc: 0.994, ap: 0.92 },
  },
};

const { pattern: _, ...withoutPattern } = sampleConcept;

/** One of a labeller's, without a name. */
export const unnamedConcept: ConceptResult = {
  ...withoutPattern,
  ...{ name: 'subordinating conjunctions', family: 'language', source: 'wink-nlp', tag: 'SCONJ' },
  neurons: sampleConcept.neurons.map((one) => ({
    ...one,
    ...{ auroc: halfway(one.auroc), low: halfway(one.low), high: halfway(one.high) },
    ...{ ap: one.ap / 3, selectivity: 0.08, q: 0.0312, named: false },
  })),
};

export const refusedConcept: ConceptResult = {
  ...sampleConcept,
  ...{
    name: 'My marked ranges',
    source: 'labels',
    chanceMaximum: null,
    control: null,
    neurons: [],
    many: null,
  },
  refused: '8 and 6 positives in the two halves, 50 are needed in each',
  ...{ positives: { a: 8, b: 6 }, documents: { a: 2, b: 1 }, share: 0.00001, agreement: [] },
};

/** Made-up evidence: values of both classes around different centres, and the neuron's own examples. */
function evidenceOf({ id, auroc, threshold }: ConceptNeuron): ShownEvidence {
  const sign = auroc < 0.5 ? -1 : 1;
  const edges = Array.from({ length: 61 }, (_, bar) => -2.5 + bar / 8);
  const bell = (centre: number, width: number, most: number) =>
    edges.slice(0, -1).map((edge) => Math.round(most * Math.exp(-(((edge - sign * centre) / width) ** 2))));
  const roc = Array.from({ length: 33 }, (_, at) => [(at / 32) ** 4, (at / 32) ** 0.25]).flat();
  const { top, bottom, random } = samplePage.examples;
  return {
    ...{ id, roc, range: 5.21 },
    histogram: { edges, positives: bell(3.4, 1.4, 120), others: bell(-0.2, 0.9, 240_000) },
    counts: { hits: 1649, misses: 438, falseAlarms: 225 },
    examples: {
      hits: top.slice(0, 6),
      misses: random.slice(0, 4),
      falseAlarms: threshold > 0 ? bottom.slice(0, 3) : [],
    },
  };
}

/** What each kind of control made of the concept. */
export const sampleControls: ControlOfConcept[] = [
  {
    ...{ control: 'shuffled', name: 'Duration unit', refused: null, whole: 0.8, same: null },
    ...{ named: { neurons: 25, of: 3072 }, neuron: { id: 'L2.N77', auroc: 0.704, low: 0.671, high: 0.735 } },
  },
  {
    ...{ control: 'embedding', name: 'Duration unit', refused: null, whole: 0.99, same: null },
    ...{ named: { neurons: 3, of: 576 }, neuron: { id: 'L0.N41', auroc: 0.893, low: 0.872, high: 0.912 } },
  },
  {
    ...{ control: '/profiles/korpus-de', name: 'Duration unit', refused: null, whole: 0.99, same: 0.93 },
    ...{ named: { neurons: 60, of: 3072 }, neuron: { id: 'L5.N90', auroc: 0.948, low: 0.921, high: 0.968 } },
  },
];

const labeller = {
  ...{ labeller: 'wink-nlp 2.4', tag: 'SCONJ', precision: 0.87, recall: 0.61 },
  on: 'UD English EWT, dev',
};

/** What the host says of a concept. */
export function conceptMessage(
  concept: ConceptResult = sampleConcept,
  more: Partial<ShownConcept> & { readonly evidence?: Readonly<Record<string, ShownEvidence>> } = {},
): HostWords {
  const { evidence, ...others } = more;
  const shown: ShownConcept = {
    profile: { id: 'file:///profiles/docs', name: 'Workspace docs' },
    manifest: samplePage.manifest,
    run: {
      ...{ created: '2026-11-22T21:44:00.000Z', quantity: 'act', seconds: 96 },
      halves: { tokens: { a: 620_061, b: 620_049 }, documents: { a: 206, b: 206 }, cut: false },
    },
    concept,
    controls: [],
    named: { neurons: 65, of: 3072 },
    labeller: concept.source === 'wink-nlp' ? labeller : null,
    names: {
      'L3.N652': { concept: 'Duration unit', auroc: 0.981, ap: 0.84 },
      'L3.N1188': { concept: 'Number with unit', auroc: 0.95, ap: 0.77 },
      'L5.N90': { concept: 'Duration unit', auroc: 0.914, ap: 0.58 },
    },
    nested: ['clock times'],
    partial: false,
    refused: [
      { name: 'URLs', reason: 'positives in 8 and 6 documents of the two halves, 10 are needed in each' },
      { name: 'dates', reason: 'no token of the corpus carries it' },
    ],
    ...others,
  };
  return {
    subject: concept.name,
    answers: {
      concept: shown,
      evidence: evidence ?? Object.fromEntries(concept.neurons.map((one) => [one.id, evidenceOf(one)])),
      arrow: 'QVJST1cx',
    },
    pinned: ['L5.N90'],
    reader: { language: 'en-GB', singleKeyShortcuts: true },
  };
}
