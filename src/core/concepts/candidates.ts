import { strengthOf } from './statistics/auroc';
import { keyOf, type ChosenNeuron } from './chosenValues';
import type { Screened, SiteScreen } from './screening/screen';

/** Neurons of the control that are kept for its sake alone. */
const CONTROL_NEURONS = 3;
/** Neurons that are kept of one concept at most. @param count neurons that each order chooses. */
export function mostCandidates(count: number): number {
  return 2 * count + CONTROL_NEURONS;
}

/** Neurons, of all that are kept, that regressions on the control's labels may choose from. */
const CONTROL_PROBED = 16;

/** What the screening chose for one concept. */
export interface ConceptCandidates {
  readonly concept: number;
  readonly neurons: readonly ChosenNeuron[];
  /** [n] the control's labels, and its best neurons, the strongest first. */
  readonly controlLabels: Uint8Array;
  readonly control: readonly ChosenNeuron[];
  /** Largest |AUROC − 0.5| of rolled labels over all neurons, the mean of the draws. */
  readonly chanceMaximum: number;
}

export interface Candidates {
  readonly byConcept: readonly ConceptCandidates[];
  /** Each neuron once. */
  readonly all: readonly ChosenNeuron[];
}

/** Of a table that is not asked for. */
const NOTHING: Screened = { auroc: new Float64Array(), top: new Int32Array() };

/**
 * The neurons that each order puts first.
 * @param tested concepts, whose labels, control labels and rolled labels are the labellings of the screens, in
 * this order, the rolled ones `draws` a concept.
 * @param screens by table; null where its layer is not asked for.
 */
export function chooseCandidates(
  tested: readonly number[],
  controls: readonly Uint8Array[],
  screens: readonly (SiteScreen | null)[],
  draws: number,
  count: number,
): Candidates {
  const resultsOf = (labelling: number) => screens.map((screen) => screen?.result(labelling) ?? NOTHING);
  const controlScreens = tested.map((_, i) => resultsOf(tested.length + i));
  const chosen = tested.map((concept, i) => {
    const results = resultsOf(i);
    const firstDraw = 2 * tested.length + i * draws;
    const chance = Array.from({ length: draws }, (_, draw) => largest(resultsOf(firstDraw + draw)));
    return {
      concept,
      neurons: unique([...best(results, strength, count), ...best(results, hits, count)]),
      controlLabels: controls[i]!,
      control: best(controlScreens[i]!, strength, CONTROL_NEURONS),
      chanceMaximum: chance.reduce((sum, strongest) => sum + strongest - 0.5, 0) / draws,
    };
  });
  const all = unique(chosen.flatMap(({ neurons, control }) => [...neurons, ...control]));
  return {
    byConcept: chosen.map((concept, i) => ({ ...concept, control: strongestOf(all, controlScreens[i]!) })),
    all,
  };
}

/** Whether a layer is among those asked for. */
export function isWithin(layer: number, layers: readonly [number, number] | null): boolean {
  return layers === null || (layer >= layers[0] && layer <= layers[1]);
}

function largest(screened: readonly Screened[]): number {
  let most = 0.5;
  for (const result of screened) {
    for (let neuron = 0; neuron < result.auroc.length; neuron++)
      most = Math.max(most, strength(result, neuron));
  }
  return most;
}

function strongestOf(neurons: readonly ChosenNeuron[], screened: readonly Screened[]): ChosenNeuron[] {
  return neurons
    .map((neuron) => ({ neuron, strength: strength(screened[neuron.table]!, neuron.neuron) }))
    .sort((one, other) => other.strength - one.strength)
    .slice(0, CONTROL_PROBED)
    .map(({ neuron }) => neuron);
}

const strength = ({ auroc }: Screened, neuron: number): number => {
  const area = strengthOf(auroc[neuron]!);
  return Number.isNaN(area) ? 0.5 : area;
};

const hits = ({ top }: Screened, neuron: number): number => top[neuron]!;

/** The `count` neurons of largest score over all tables, the first of equal ones. */
function best(
  results: readonly Screened[],
  score: (result: Screened, neuron: number) => number,
  count: number,
): ChosenNeuron[] {
  const kept: (ChosenNeuron & { readonly score: number })[] = [];
  results.forEach((result, table) => {
    for (let neuron = 0; neuron < result.auroc.length; neuron++) {
      const of = score(result, neuron);
      if (kept.length === count && of <= kept.at(-1)!.score) continue;
      const at = kept.findIndex((other) => other.score < of);
      kept.splice(at < 0 ? kept.length : at, 0, { table, neuron, score: of });
      if (kept.length > count) kept.pop();
    }
  });
  return kept.map(({ table, neuron }) => ({ table, neuron }));
}

function unique(neurons: readonly ChosenNeuron[]): ChosenNeuron[] {
  return [...new Map(neurons.map((neuron) => [keyOf(neuron), neuron])).values()];
}
