import type { ConceptNeuron } from '../../src/core/concepts/conceptResults';
import { strengthOf } from '../../src/core/concepts/statistics/auroc';
import type { ConceptState } from '../../src/protocol/pages/concept';

export type NeuronOrder = ConceptState['order'];

/** The neurons as they are stored, best on half A first, or by a figure of half B. */
export function rankedNeurons(
  neurons: readonly ConceptNeuron[],
  order: NeuronOrder,
): readonly ConceptNeuron[] {
  if (order === 'chosen') return neurons;
  const figure = (neuron: ConceptNeuron): number =>
    order === 'auroc' ? strengthOf(neuron.auroc) : neuron[order];
  return [...neurons].sort((one, other) => figure(other) - figure(one));
}
