import { neuronFormat } from '../common/neuronAddress';
import { isWithin, type Candidates } from './candidates';
import type { ChosenNeuron } from './chosenValues';
import { namesOf } from './conceptNames';
import type { ConceptNeuron, ConceptResult, ConceptResults } from './conceptResults';
import type { ConceptProgress, ConceptRequest } from './conceptRequest';
import type { NeuronEvidence } from './evidence';
import { countsOf, refusalOf, type LabelledCorpus } from './labelledCorpus';
import type { MeasuredNeurons } from './measureNeurons';
import { measureConcept, type Measured, type MeasuredConcept } from './measureConcept';
import { Rankings } from './rankings';
import { rankAgreement } from './statistics/agreement';
import { strengthOf } from './statistics/auroc';
import { benjaminiHochberg, benjaminiYekutieli } from './statistics/falseDiscovery';
import type { Halves } from './statistics/halves';
import { missedBars } from './statistics/naming';

/** What a run found. */
export interface ConceptFindings {
  readonly results: ConceptResults;
  /** By the name of a concept that has figures: what its page shows of each of its neurons, in their order. */
  readonly evidence: ReadonlyMap<string, readonly NeuronEvidence[]>;
}

/** Why a concept without figures that could have some has none. */
const NOT_REACHED = 'the run was stopped before it was measured';

/**
 * Every figure of every concept, q over all of them, and the names. A run that is aborted keeps the concepts that it has
 * measured by then.
 * @throws the signal's reason where that is none
 */
export async function reportConcepts(
  request: ConceptRequest & { readonly room: number },
  corpus: LabelledCorpus,
  halves: Halves,
  candidates: Candidates,
  { values, wholeLayers }: MeasuredNeurons,
  progress: (progress: ConceptProgress) => void,
  signal: AbortSignal,
): Promise<ConceptFindings> {
  const idOf = ({ table, neuron }: ChosenNeuron) => neuronFormat(request.model.outputs[table]!.site)(neuron);
  const { product, neurons } = request;
  const rankings = new Rankings(values, corpus.inA);
  const ground = { corpus, values, wholeLayers, rankings, product, neurons, idOf };
  const tested: MeasuredConcept[] = [];
  for (const concept of candidates.byConcept) {
    await request.betweenBatches?.();
    if (signal.aborted && tested.length > 0) break;
    signal.throwIfAborted();
    tested.push(await measureConcept(ground, concept));
    progress({ step: 'figures', done: tested.length, total: candidates.byConcept.length });
  }
  return {
    results: resultsOf(request, corpus, halves, tested, candidates.byConcept.length, idOf),
    evidence: new Map(
      tested.map(({ candidates: { concept }, measured }) => [
        corpus.concepts[concept]!.name,
        measured.map(({ evidence }) => evidence),
      ]),
    ),
  };
}

function resultsOf(
  request: ConceptRequest & { readonly room: number },
  corpus: LabelledCorpus,
  halves: Halves,
  tested: readonly MeasuredConcept[],
  measurable: number,
  idOf: (neuron: ChosenNeuron) => string,
): ConceptResults {
  const p = tested.flatMap(({ measured }) => measured.map(({ held }) => held.p));
  const q = (request.strict ? benjaminiYekutieli : benjaminiHochberg)(p);
  const figures = tested.map(({ measured, control }) =>
    measured.map((one) => figuresOf(one, idOf(one.neuron), control.strength, q.shift()!)),
  );
  const naming = namesOf(corpus, tested, figures);
  const resultOf = new Map(
    tested.map(({ candidates: { concept, chanceMaximum }, measured, control, many }, i) => [
      concept,
      {
        refused: null,
        chanceMaximum,
        control: {
          id: idOf(control.neuron),
          auroc: control.strength,
          low: control.low,
          high: control.high,
        },
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
    settings: { neurons: request.neurons, layers: request.layers, strict: request.strict },
    halves: {
      tokens: { a: corpus.inA, b: corpus.tokens - corpus.inA },
      documents: { a: count('a'), b: count('b') },
      cut: halves.cut,
      room: request.room,
      ...(halves.leftOut > 0 && { leftOut: halves.leftOut }),
    },
    ...(tested.length < measurable && { partial: true as const }),
    abandoned: 0,
    concepts: corpus.concepts.map((_, concept) => ({
      ...unmeasured(corpus, concept),
      ...resultOf.get(concept),
    })),
    named: {
      neurons: Object.keys(naming.names).length,
      of: request.model.outputs
        .filter(({ site }) => isWithin(site.layer, request.layers))
        .reduce((sum, { site }) => sum + site.dFf, 0),
    },
    names: naming.names,
  };
}

/** What is known of a concept before any neuron. */
function unmeasured(corpus: LabelledCorpus, concept: number): ConceptResult {
  const { name, family, source, pattern, tag, sibling } = corpus.concepts[concept]!;
  const counts = countsOf(corpus, concept);
  const { a, b } = counts.positives;
  return {
    name,
    family,
    source,
    ...(pattern !== undefined && { pattern }),
    ...(tag !== undefined && { tag }),
    ...(sibling !== undefined && { sibling }),
    refused: refusalOf(corpus, concept) ?? NOT_REACHED,
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

function figuresOf(
  { chosen, held, siblingAuroc }: Measured,
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
    ...(siblingAuroc !== null && { siblingAuroc }),
    p: held.p,
    q,
    onA: { auroc: chosen.auroc, ap: chosen.ap, precisionTop1: chosen.precisionTop1 },
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
