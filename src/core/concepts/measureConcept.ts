import { randomOf } from '../common/random';
import type { ConceptCandidates } from './candidates';
import { keyOf, type ChosenNeuron, type ChosenValues } from './chosenValues';
import type { ManyNeurons } from './conceptResults';
import { evidenceOf, type NeuronEvidence } from './evidence';
import {
  byStrength,
  choosingFigures,
  heldOutCurve,
  heldOutFigures,
  siblingAuroc,
  strengthIn,
  type ChoosingFigures,
  type HeldOutFigures,
} from './figures';
import type { LabelledCorpus } from './labelledCorpus';
import { manyNeurons, probeSizes } from './manyNeurons';
import type { Rankings } from './rankings';
import type { MatrixProduct } from './screening/screen';
import { auroc } from './statistics/auroc';
import { aurocIntervals, type Interval } from './statistics/aurocInterval';
import { RolledLabels } from './statistics/rolledLabels';
import { averagePrecision, thresholdCurve } from './statistics/thresholds';
import type { WholeLayers } from './wholeLayers';

/** Neurons that a regression may choose from. */
const PROBED = 16;
/** Neurons of the control that are measured exactly before one of them is its winner. */
const CONTROL_MEASURED = 3;
/** Draws of rolled labels that a p rests on. */
const ROLLS = 200;

/** A neuron that was chosen for a concept, with what both halves say. */
export interface Measured {
  readonly neuron: ChosenNeuron;
  readonly chosen: ChoosingFigures;
  readonly held: HeldOutFigures;
  readonly siblingAuroc: number | null;
  readonly evidence: NeuronEvidence;
}

export interface MeasuredConcept {
  readonly candidates: ConceptCandidates;
  readonly measured: readonly Measured[];
  /** The control's own winner, its AUROC on half B in the direction that half A chose. */
  readonly control: Interval & { readonly neuron: ChosenNeuron; readonly strength: number };
  readonly many: ManyNeurons;
}

/** What every concept is measured with. */
export interface MeasuringGround {
  readonly corpus: LabelledCorpus;
  readonly values: ChosenValues;
  readonly rankings: Rankings;
  readonly wholeLayers: WholeLayers;
  readonly product: MatrixProduct;
  /** Neurons that each order puts first are reported. */
  readonly neurons: number;
  readonly idOf: (neuron: ChosenNeuron) => string;
}

/** Half A decides which neurons are reported, and in which order; half B gives the figures. */
export async function measureConcept(
  ground: MeasuringGround,
  candidates: ConceptCandidates,
): Promise<MeasuredConcept> {
  const { corpus, values, rankings, product } = ground;
  const { concept, controlLabels } = candidates;
  const { inA, spans } = corpus;
  const labels = corpus.labels[concept]!;
  const held = labels.subarray(inA);
  const heldControl = controlLabels.subarray(inA);
  const documents = corpus.excerpt.subarray(inA);
  const reported = firstOfEachOrder(chooseOnA(rankings, candidates.neurons, labels, inA), ground.neurons);
  const best = candidates.control.slice(0, CONTROL_MEASURED);
  const [winner] = chooseOnA(rankings, best, controlLabels, inA).sort(byChosen);
  const rankingsB = reported.map(({ neuron }) => rankings.of(neuron, 'b'));
  const intervals = await aurocIntervals(
    rankingsB,
    held,
    documents,
    randomOf(`interval ${concept}`),
    product,
  );
  const [controlInterval] = await aurocIntervals(
    [rankings.of(winner!.neuron, 'b')],
    heldControl,
    documents,
    randomOf(`interval of control ${concept}`),
    product,
  );
  const random = randomOf(`rolls ${concept}`);
  const rolled = new RolledLabels(held, spans.b);
  const draws = Array.from({ length: ROLLS }, () => rolled.draw(random));
  const siblingName = corpus.concepts[concept]!.sibling;
  const sibling = corpus.labels[corpus.concepts.findIndex(({ name }) => name === siblingName)];
  const measured = reported.map(({ neuron, chosen }, i): Measured => {
    const curve = heldOutCurve(rankingsB[i]!, held, chosen);
    const { low } = chosen;
    const threshold = low ? -chosen.threshold : chosen.threshold;
    return {
      neuron,
      chosen,
      held: heldOutFigures(rankingsB[i]!, held, curve, chosen, intervals[i]!, draws),
      siblingAuroc: sibling
        ? siblingAuroc(values.of(neuron).subarray(inA), held, sibling.subarray(inA))
        : null,
      evidence: evidenceOf(
        ground.idOf(neuron),
        values.of(neuron),
        corpus,
        concept,
        curve,
        { threshold, low },
        randomOf(`examples ${concept} ${keyOf(neuron)}`),
      ),
    };
  });
  const columnsOf = (neurons: readonly ChosenNeuron[]) =>
    neurons.slice(0, PROBED).map((neuron) => values.of(neuron));
  const many = (neurons: readonly ChosenNeuron[], of: Uint8Array) =>
    manyNeurons(columnsOf(neurons), of, inA, randomOf(`many ${concept}`));
  const together = many(
    reported.map(({ neuron }) => neuron),
    labels,
  );
  const shuffled = many(candidates.control, controlLabels).slice(0, together.length);
  return {
    candidates,
    measured,
    control: {
      neuron: winner!.neuron,
      strength: strengthIn(rankings.of(winner!.neuron, 'b'), heldControl, winner!.chosen),
      ...turned(controlInterval!, winner!.chosen.low),
    },
    many: {
      k: probeSizes(Math.min(reported.length, PROBED)),
      auroc: together.map(({ midranks }) => auroc(midranks, held)),
      ap: together.map((ranking) => averagePrecision(thresholdCurve(ranking, held))),
      shuffled: shuffled.map(({ midranks }) => auroc(midranks, heldControl)),
      whole: ground.wholeLayers.figuresOf(concept),
    },
  };
}

/** An interval of an AUROC as that of the negated activation. */
function turned({ low, high }: Interval, turn: boolean): Interval {
  return turn ? { low: 1 - high, high: 1 - low } : { low, high };
}

type Chosen = Pick<Measured, 'neuron' | 'chosen'>;

function chooseOnA(
  rankings: Rankings,
  neurons: readonly ChosenNeuron[],
  labels: Uint8Array,
  inA: number,
): Chosen[] {
  const onA = labels.subarray(0, inA);
  return neurons.map((neuron) => ({ neuron, chosen: choosingFigures(rankings.of(neuron, 'a'), onA) }));
}

const byChosen = (one: Chosen, other: Chosen): number => byStrength(one.chosen, other.chosen);

/** The first neurons by AUROC, by AP and by precision in the top 1 %, all in the order of the first. */
function firstOfEachOrder(chosen: readonly Chosen[], count: number): Chosen[] {
  const orders = [
    [...chosen].sort(byChosen),
    [...chosen].sort((one, other) => other.chosen.ap - one.chosen.ap),
    [...chosen].sort((one, other) => other.chosen.precisionTop1 - one.chosen.precisionTop1),
  ];
  const kept = new Set(orders.flatMap((order) => order.slice(0, count)));
  return orders[0]!.filter((one) => kept.has(one));
}
