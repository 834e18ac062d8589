import { neuronFormat } from '../common/neuronAddress';
import { isWithin, type Candidates } from './candidates';
import type { ChosenNeuron } from './chosenValues';
import { nameNeurons, type MeasuredNeuron, type MeasuredResult, type SharedTokens } from './conceptNames';
import type { ConceptResults } from './conceptResults';
import type { ConceptProgress, ConceptRequest } from './conceptRequest';
import type { NeuronEvidence } from './evidence';
import { countsOf, refusalOf, type LabelledCorpus } from './labelledCorpus';
import type { MeasuredNeurons } from './measureNeurons';
import { measureConcept, type Measured, type MeasuredConcept } from './measureConcept';
import { Rankings } from './rankings';
import { rankAgreement } from './statistics/agreement';
import { strengthOf } from './statistics/auroc';
import type { Halves } from './statistics/halves';

/** What a run found. */
export interface ConceptFindings {
  readonly results: ConceptResults;
  /** By the name of a concept that has figures: what its page shows of each of its neurons, in their order. */
  readonly evidence: ReadonlyMap<string, readonly NeuronEvidence[]>;
  /** How far the concepts that were labelled overlap. */
  readonly shared: SharedTokens;
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
    shared: sharedTokens(corpus),
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
  const resultOf = new Map(
    tested.map(({ candidates: { concept, chanceMaximum }, measured, control, many }) => [
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
        neurons: measured.map((one) => figuresOf(one, idOf(one.neuron), control.strength)),
        many,
      },
    ]),
  );
  const { concepts, names } = nameNeurons(
    corpus.concepts.map((_, concept) => ({ ...unmeasured(corpus, concept), ...resultOf.get(concept) })),
    request.strict,
    sharedTokens(corpus),
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
    concepts,
    named: {
      neurons: Object.keys(names).length,
      of: request.model.outputs
        .filter(({ site }) => isWithin(site.layer, request.layers))
        .reduce((sum, { site }) => sum + site.dFf, 0),
    },
    names,
  };
}

function sharedTokens({ concepts, labels, tokens }: LabelledCorpus): SharedTokens {
  const columnOf = (name: string) => labels[concepts.findIndex((concept) => concept.name === name)];
  return (one, other) => {
    const [column, others] = [columnOf(one), columnOf(other)];
    if (!column || !others) return 0;
    let count = 0;
    for (let token = 0; token < tokens; token++) count += column[token]! & others[token]!;
    return count;
  };
}

/** What is known of a concept before any neuron. */
function unmeasured(corpus: LabelledCorpus, concept: number): MeasuredResult {
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
): MeasuredNeuron {
  const { auroc, ap, precisionTop1 } = chosen;
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
    selectivity: (chosen.low ? 1 - held.auroc : held.auroc) - controlStrength,
    ...(siblingAuroc !== null && { siblingAuroc }),
    p: held.p,
    onA: { auroc, ap, precisionTop1 },
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
