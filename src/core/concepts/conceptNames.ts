import type { ConceptNeuron, NeuronName } from './conceptResults';
import type { LabelledCorpus } from './labelledCorpus';
import type { MeasuredConcept } from './measureConcept';
import { chooseName } from './statistics/naming';

/** The name of each neuron that passed for any concept, and which concepts stand under another. */
export function namesOf(
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
