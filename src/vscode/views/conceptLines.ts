import { formatAuroc, formatCount } from '../../core/common/numberFormat';
import { FAMILIES, type ConceptFamily } from '../../core/concepts/concept';
import type { ConceptResult, ConceptResults } from '../../core/concepts/conceptResults';
import { nameFigures } from '../../core/concepts/neuronMeaning';

/** A line of the view of concepts, in words. */
export interface ConceptLine {
  readonly label: string;
  readonly description: string;
  readonly tooltip: readonly string[];
  /** Name of a codicon. */
  readonly icon: string;
  /** Id of the concept's best neuron; null where there is none. */
  readonly best: string | null;
}

/** A family with its concepts. */
export interface FamilyLines {
  readonly label: string;
  readonly description: string;
  readonly concepts: readonly ConceptLine[];
}

const FAMILY: Readonly<Record<ConceptFamily, { readonly label: string; readonly icon: string }>> = {
  own: { label: 'Your own', icon: 'tag' },
  spelling: { label: 'Spelling', icon: 'case-sensitive' },
  place: { label: 'Place', icon: 'list-flat' },
  enclosure: { label: 'Enclosure', icon: 'json' },
  language: { label: 'Language', icon: 'symbol-string' },
  code: { label: 'Code', icon: 'code' },
  documents: { label: 'Documents', icon: 'file' },
  chat: { label: 'Chat', icon: 'comment-discussion' },
};

/** The families that have concepts, in their order; the measured concepts of each first. */
export function conceptLines({ concepts, names }: Pick<ConceptResults, 'concepts' | 'names'>): FamilyLines[] {
  const naming = new Set(Object.values(names).map(({ concept }) => concept));
  return FAMILIES.flatMap((family) => {
    const own = concepts.filter((concept) => concept.family === family);
    if (own.length === 0) return [];
    const measured = own.filter(({ refused }) => refused === null);
    const refused = own.filter((concept) => concept.refused !== null);
    const named = own.filter(({ name }) => naming.has(name)).length;
    return [
      {
        label: FAMILY[family].label,
        description: `${formatCount(own.length)} ${own.length === 1 ? 'concept' : 'concepts'}, ${formatCount(named)} with a named neuron`,
        concepts: [...measured, ...refused].map((concept) => lineOf(concept, naming.has(concept.name))),
      },
    ];
  });
}

function lineOf(concept: ConceptResult, isNaming: boolean): ConceptLine {
  const { name, family, refused, positives, documents, pattern } = concept;
  const [best] = concept.neurons;
  const counts = `${formatCount(positives.a)} and ${formatCount(positives.b)} tokens in ${formatCount(documents.a)} and ${formatCount(documents.b)} documents of halves A and B`;
  const about = [name, ...(pattern === undefined ? [] : [pattern])];
  if (refused !== null || !best) {
    return {
      label: name,
      description: `refused: ${refused ?? 'no neuron was chosen'}`,
      tooltip: [...about, counts],
      icon: 'circle-slash',
      best: null,
    };
  }
  return {
    label: name,
    description: `best ${best.id}${isNaming ? '' : ' · no honest name'} · ${formatAuroc(best.auroc)}`,
    tooltip: [
      ...about,
      `${best.id}: ${nameFigures(best)} on documents that took no part in the choice`,
      counts,
    ],
    icon: FAMILY[family].icon,
    best: best.id,
  };
}
