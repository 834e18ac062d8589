import type { ConceptResults, ControlWinner } from '../conceptResults';

/** What a control made of one concept. */
export interface ControlledConcept {
  readonly name: string;
  readonly refused: string | null;
  /** Its best neuron there: chosen on half A, figures of half B. */
  readonly neuron: ControlWinner | null;
  /** AUROC of that neuron's whole layer. */
  readonly whole: number | null;
  /** On another corpus, AUROC of the neuron that was best on the first, where it is among those chosen there. */
  readonly same: number | null;
}

/** The same concepts tested where what a neuron has learnt can play no part, or on other texts. */
export interface ConceptControl {
  /** `shuffled`, `embedding`, or the folder of the other profile. */
  readonly control: string;
  readonly named: ConceptResults['named'];
  readonly concepts: readonly ControlledConcept[];
}

/**
 * What a test that was run as a control says beside the original.
 * @param isSameModel whether a neuron there is that of the same name here.
 */
export function controlOf(
  control: string,
  original: ConceptResults,
  there: ConceptResults,
  isSameModel: boolean,
): ConceptControl {
  const bestHere = new Map(original.concepts.map(({ name, neurons }) => [name, neurons[0]?.id]));
  return {
    control,
    named: there.named,
    concepts: there.concepts.map(({ name, refused, neurons, many }) => {
      const [best] = neurons;
      const same = isSameModel ? neurons.find(({ id }) => id === bestHere.get(name)) : undefined;
      return {
        name,
        refused,
        neuron: best ? { id: best.id, auroc: best.auroc, low: best.low, high: best.high } : null,
        whole: many?.whole?.auroc ?? null,
        same: same?.auroc ?? null,
      };
    }),
  };
}
