import type { ConceptNeuron, ConceptResult, ConceptResults, NeuronName } from './conceptResults';
import { benjaminiHochberg, benjaminiYekutieli } from './statistics/falseDiscovery';
import { chooseName, missedBars } from './statistics/naming';
import { f1 } from './statistics/thresholds';

/** A neuron's figures before they are held against those of all other concepts. */
export type MeasuredNeuron = Omit<ConceptNeuron, 'q' | 'named' | 'under'> &
  Required<Pick<ConceptNeuron, 'p' | 'onA'>>;

/** A concept with such neurons; of a refused one there are none. */
export type MeasuredResult = Omit<ConceptResult, 'neurons'> & { readonly neurons: readonly MeasuredNeuron[] };

/** Tokens that two concepts, by their names, both have; of one with itself all that it has. */
export type SharedTokens = (one: string, other: string) => number;

/**
 * What rests on all concepts together: q over all of them and their neurons, which neurons pass, the one name of each, and
 * which concepts stand under another.
 * @param strict q by Benjamini & Yekutieli instead of Benjamini & Hochberg.
 */
export function nameNeurons(
  measured: readonly MeasuredResult[],
  strict: boolean,
  shared: SharedTokens,
): Pick<ConceptResults, 'concepts' | 'names'> {
  const all = measured.flatMap(({ neurons }) => neurons.map(({ p }) => p));
  const q = (strict ? benjaminiYekutieli : benjaminiHochberg)(all).values();
  const judged = measured.map(({ neurons, ...concept }) => ({
    ...concept,
    neurons: neurons.map((neuron) => ({ ...neuron, ...judge(neuron, q.next().value!) })),
  }));
  const passed = new Map<string, { concept: number; f1: number }[]>();
  judged.forEach(({ neurons }, concept) => {
    for (const neuron of neurons) {
      if (!neuron.named) continue;
      passed.set(neuron.id, [...(passed.get(neuron.id) ?? []), { concept, f1: f1(neuron) }]);
    }
  });
  const names: Record<string, NeuronName> = {};
  const wider = new Map<string, string>();
  for (const [id, concepts] of passed) {
    const { concept, under } = chooseName(concepts, (one, other) =>
      shared(judged[one]!.name, judged[other]!.name),
    )!;
    const { name, neurons } = judged[concept]!;
    const { auroc, ap } = neurons.find((neuron) => neuron.id === id)!;
    names[id] = { concept: name, auroc, ap };
    for (const nested of under) wider.set(`${id} ${nested}`, name);
  }
  return {
    concepts: judged.map(({ neurons, ...concept }, at) => ({
      ...concept,
      neurons: neurons.map((neuron) => ({ ...neuron, under: wider.get(`${neuron.id} ${at}`) ?? null })),
    })),
    names,
  };
}

/** A neuron that half B turns round does not pass. */
function judge({ onA, ...figures }: MeasuredNeuron, q: number): Pick<ConceptNeuron, 'q' | 'named'> {
  const isSameWay = onA.auroc < 0.5 ? figures.auroc < 0.5 : figures.auroc > 0.5;
  return { q, named: isSameWay && missedBars({ ...figures, q }).length === 0 };
}
