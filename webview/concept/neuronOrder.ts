import type { ConceptNeuron } from '../../src/core/concepts/conceptResults';
import { strengthOf } from '../../src/core/concepts/statistics/auroc';
import type { ConceptState } from '../../src/protocol/pages/concept';

export type NeuronOrder = ConceptState['order'];

/** The neurons as they are stored, best on half A first, or by another figure of either half. */
export function rankedNeurons(
  neurons: readonly ConceptNeuron[],
  order: NeuronOrder,
): readonly ConceptNeuron[] {
  const figure = FIGURES[order];
  return figure ? [...neurons].sort((one, other) => figure(other) - figure(one)) : neurons;
}

/** Whether it is kept what else half A puts neurons in order by. */
export function hasOrdersOfA(neurons: readonly ConceptNeuron[]): boolean {
  return neurons.every(({ onA }) => onA !== undefined);
}

/** They are stored by AUROC on half A. */
const FIGURES: Readonly<Record<NeuronOrder, ((neuron: ConceptNeuron) => number) | null>> = {
  chosen: null,
  apOnA: ({ onA }) => onA?.ap ?? 0,
  precisionTop1OnA: ({ onA }) => onA?.precisionTop1 ?? 0,
  auroc: ({ auroc }) => strengthOf(auroc),
  ap: ({ ap }) => ap,
  precisionTop1: ({ precisionTop1 }) => precisionTop1,
};
