import { neuronFormat } from '../common/neuronAddress';
import { randomOf } from '../common/random';
import type { Candidates, ConceptCandidates } from './candidates';
import { keyOf, type ChosenNeuron, type ChosenValues } from './chosenValues';
import type { ConceptNeuron, ConceptResult, ConceptResults, ManyNeurons, NeuronName } from './conceptResults';
import type { ConceptProgress, ConceptRequest } from './conceptRun';
import { byStrength, choosingFigures, heldOutFigures, heldOutStrength } from './figures';
import type { ChoosingFigures, HeldOutFigures } from './figures';
import { countsOf, type LabelledCorpus } from './labelledCorpus';
import { manyNeurons } from './manyNeurons';
import { rankAgreement } from './statistics/agreement';
import { strengthOf } from './statistics/auroc';
import { benjaminiHochberg, benjaminiYekutieli } from './statistics/falseDiscovery';
import type { Half, Halves } from './statistics/halves';
import { chooseName, missedBars, refusalOf } from './statistics/naming';
import { rank, type Ranking } from './statistics/ranking';
import { RolledLabels } from './statistics/rolledLabels';

/** Neurons that a regression may choose from. */
const PROBED = 16;

/** A neuron that was chosen for a concept, with what both halves say. */
interface Measured {
  readonly neuron: ChosenNeuron;
  readonly chosen: ChoosingFigures;
  readonly held: HeldOutFigures;
}

interface MeasuredConcept {
  readonly candidates: ConceptCandidates;
  readonly measured: readonly Measured[];
  readonly control: { readonly neuron: ChosenNeuron; readonly strength: number };
  readonly many: ManyNeurons;
}

/** Every figure of every concept, q over all of them, and the names. */
export async function reportConcepts(
  request: ConceptRequest,
  corpus: LabelledCorpus,
  halves: Halves,
  candidates: Candidates,
  values: ChosenValues,
  progress: (progress: ConceptProgress) => void,
  signal: AbortSignal,
): Promise<ConceptResults> {
  const tested: MeasuredConcept[] = [];
  const rankings = new Rankings(values, corpus.inA);
  for (const concept of candidates.byConcept) {
    signal.throwIfAborted();
    await request.betweenBatches?.();
    const measured = measure(corpus, concept, rankings, request.neurons);
    await request.betweenBatches?.();
    const probed = measured.measured.slice(0, PROBED).map(({ neuron }) => values.of(neuron));
    const random = randomOf(`many ${concept.concept}`);
    tested.push({
      ...measured,
      many: manyNeurons(probed, corpus.labels[concept.concept]!, corpus.inA, random),
    });
    progress({ step: 'figures', done: tested.length, total: candidates.byConcept.length });
  }
  const p = tested.flatMap(({ measured }) => measured.map(({ held }) => held.p));
  const q = (request.strict ? benjaminiYekutieli : benjaminiHochberg)(p);
  const idOf = ({ table, neuron }: ChosenNeuron) => neuronFormat(request.model.outputs[table]!.site)(neuron);
  const figures = tested.map(({ measured, control }) =>
    measured.map((one) => figuresOf(one, idOf(one.neuron), control.strength, q.shift()!)),
  );
  const naming = namesOf(corpus, tested, figures);
  const resultOf = new Map(
    tested.map(({ candidates: { concept, chanceMaximum }, measured, control, many }, i) => [
      concept,
      {
        chanceMaximum,
        control: { id: idOf(control.neuron), auroc: control.strength },
        agreement: agreementOf(measured),
        neurons: figures[i]!.map((figure) => ({ ...figure, under: naming.under(figure, concept) })),
        many,
      },
    ]),
  );
  const count = (half: 'a' | 'b') => corpus.spans[half].length;
  return {
    version: 1,
    created: new Date(request.clock()).toISOString(),
    quantity: request.model.outputs[0]!.quantity,
    halves: {
      tokens: { a: corpus.inA, b: corpus.tokens - corpus.inA },
      documents: { a: count('a'), b: count('b') },
      cut: halves.cut,
    },
    abandoned: 0,
    concepts: corpus.concepts.map((_, concept) => ({
      ...unmeasured(corpus, concept),
      ...resultOf.get(concept),
    })),
    named: {
      neurons: Object.keys(naming.names).length,
      of: request.model.outputs.reduce((sum, { site }) => sum + site.dFf, 0),
    },
    names: naming.names,
  };
}

/** What is known of a concept before any neuron. */
function unmeasured(corpus: LabelledCorpus, concept: number): ConceptResult {
  const { name, family, source, pattern } = corpus.concepts[concept]!;
  const counts = countsOf(corpus, concept);
  const { a, b } = counts.positives;
  return {
    name,
    family,
    source,
    ...(pattern !== undefined && { pattern }),
    refused: refusalOf(counts),
    positives: counts.positives,
    documents: counts.documents,
    share: corpus.tokens === 0 ? 0 : (a + b) / corpus.tokens,
    split: corpus.split[concept]!,
    chanceMaximum: null,
    control: null,
    agreement: [],
    neurons: [],
    many: null,
  };
}

/** Half A decides which neurons are reported, and in which order; half B gives the figures. */
function measure(
  { inA, labels, spans, excerpt }: LabelledCorpus,
  candidates: ConceptCandidates,
  rankings: Rankings,
  count: number,
): Omit<MeasuredConcept, 'many'> {
  const column = labels[candidates.concept]!;
  const held = column.subarray(inA);
  const rolled = new RolledLabels(held, spans.b);
  const chosen = candidates.neurons.map((neuron) => ({
    neuron,
    chosen: choosingFigures(rankings.of(neuron).a, column.subarray(0, inA)),
  }));
  const measured = firstOfEachOrder(chosen, count).map(({ neuron, chosen: figures }) => ({
    neuron,
    chosen: figures,
    held: heldOutFigures(
      rankings.of(neuron).b,
      held,
      figures,
      rolled,
      excerpt.subarray(inA),
      randomOf(`${candidates.concept} ${keyOf(neuron)}`),
    ),
  }));
  return { candidates, measured, control: controlWinner(candidates, rankings, inA) };
}

type Chosen = Pick<Measured, 'neuron' | 'chosen'>;

/** The first neurons by AUROC, by AP and by precision in the top 1 %, all in the order of the first. */
function firstOfEachOrder(chosen: readonly Chosen[], count: number): Chosen[] {
  const orders = [
    [...chosen].sort((one, other) => byStrength(one.chosen, other.chosen)),
    [...chosen].sort((one, other) => other.chosen.ap - one.chosen.ap),
    [...chosen].sort((one, other) => other.chosen.precisionTop1 - one.chosen.precisionTop1),
  ];
  const kept = new Set(orders.flatMap((order) => order.slice(0, count)));
  return orders[0]!.filter((one) => kept.has(one));
}

/** The control's best neuron by half A, and what it reaches on half B. */
function controlWinner(
  { control, controlLabels }: ConceptCandidates,
  rankings: Rankings,
  inA: number,
): MeasuredConcept['control'] {
  const [winner] = control
    .map((neuron) => ({
      neuron,
      chosen: choosingFigures(rankings.of(neuron).a, controlLabels.subarray(0, inA)),
    }))
    .sort((one, other) => byStrength(one.chosen, other.chosen));
  const { neuron, chosen } = winner!;
  return { neuron, strength: heldOutStrength(rankings.of(neuron).b, controlLabels.subarray(inA), chosen) };
}

/** Rankings that are kept: those of a neuron that several concepts chose are asked for again soon. */
const KEPT_RANKINGS = 64;

/** The chosen neurons' values in order, of each half. */
class Rankings {
  private readonly known = new Map<string, Readonly<Record<Half, Ranking>>>();

  constructor(
    private readonly values: ChosenValues,
    private readonly inA: number,
  ) {}

  of(neuron: ChosenNeuron): Readonly<Record<Half, Ranking>> {
    const key = keyOf(neuron);
    let ranking = this.known.get(key);
    if (!ranking) {
      const column = this.values.of(neuron);
      ranking = { a: rank(column.subarray(0, this.inA)), b: rank(column.subarray(this.inA)) };
      if (this.known.size >= KEPT_RANKINGS) this.known.clear();
      this.known.set(key, ranking);
    }
    return ranking;
  }
}

function figuresOf(
  { chosen, held }: Measured,
  id: string,
  controlStrength: number,
  q: number,
): Omit<ConceptNeuron, 'under'> {
  const strength = chosen.low ? 1 - held.auroc : held.auroc;
  const selectivity = strength - controlStrength;
  return {
    id,
    auroc: held.auroc,
    low: held.low,
    high: held.high,
    ap: held.ap,
    precisionTop1: held.precisionTop1,
    precision: held.precision,
    recall: held.recall,
    meanDifference: held.meanDifference,
    threshold: chosen.low ? -chosen.threshold : chosen.threshold,
    selectivity,
    q,
    named: strength > 0.5 && missedBars({ ...held, selectivity, q }).length === 0,
  };
}

function agreementOf(measured: readonly Measured[]): (number | null)[] {
  const orders = [
    measured.map(({ chosen }) => strengthOf(chosen.auroc)),
    measured.map(({ chosen }) => chosen.ap),
    measured.map(({ chosen }) => chosen.precisionTop1),
  ] as const;
  return [
    [0, 1],
    [0, 2],
    [1, 2],
  ].map(([one, other]) => {
    const tau = rankAgreement(orders[one!]!, orders[other!]!);
    return Number.isNaN(tau) ? null : tau;
  });
}

/** The name of each neuron that passed for any concept, and which concepts stand under another. */
function namesOf(
  corpus: LabelledCorpus,
  tested: readonly MeasuredConcept[],
  figures: readonly (readonly Omit<ConceptNeuron, 'under'>[])[],
): {
  readonly names: Record<string, NeuronName>;
  readonly under: (neuron: { readonly id: string }, concept: number) => string | null;
} {
  const passed = new Map<string, { concept: number; f1: number; name: NeuronName }[]>();
  tested.forEach(({ candidates: { concept }, measured }, i) =>
    figures[i]!.forEach(({ id, named, auroc, ap }, at) => {
      if (!named) return;
      const one = {
        concept,
        f1: measured[at]!.held.f1,
        name: { concept: corpus.concepts[concept]!.name, auroc, ap },
      };
      passed.set(id, [...(passed.get(id) ?? []), one]);
    }),
  );
  const shared = (one: number, other: number): number => {
    let count = 0;
    for (let token = 0; token < corpus.tokens; token++) {
      count += corpus.labels[one]![token]! & corpus.labels[other]![token]!;
    }
    return count;
  };
  const names: Record<string, NeuronName> = {};
  const wider = new Map<string, string>();
  for (const [id, concepts] of passed) {
    const choice = chooseName(concepts, shared)!;
    const { name } = concepts.find(({ concept }) => concept === choice.concept)!;
    names[id] = name;
    for (const concept of choice.under) wider.set(`${id} ${concept}`, name.concept);
  }
  return { names, under: ({ id }, concept) => wider.get(`${id} ${concept}`) ?? null };
}
