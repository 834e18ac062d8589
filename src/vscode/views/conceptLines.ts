import { formatAuroc, formatCount } from '../../core/common/numberFormat';
import { FAMILIES, FAMILY_NAMES, type ConceptFamily } from '../../core/concepts/concept';
import type { ConceptResult, ConceptResults } from '../../core/concepts/conceptResults';
import { nameFigures } from '../../core/concepts/neuronMeaning';

/** A concept in a list, in words. */
export interface ConceptLine {
  /** Its name. */
  readonly label: string;
  readonly description: string;
  readonly tooltip: readonly string[];
  /** Name of a codicon. */
  readonly icon: string;
  /** Whether there are results of it, and of what is in concepts.json alone the line there. */
  readonly state:
    | { readonly kind: 'tested'; readonly own: boolean }
    | { readonly kind: 'untested' | 'fault'; readonly line: number };
}

/** A family with its concepts. */
export interface FamilyLines {
  readonly label: string;
  readonly description: string;
  readonly concepts: readonly ConceptLine[];
}

/** Names of codicons. */
const ICONS: Readonly<Record<ConceptFamily, string>> = {
  own: 'tag',
  spelling: 'case-sensitive',
  place: 'list-flat',
  enclosure: 'json',
  language: 'symbol-string',
  code: 'code',
  editor: 'symbol-class',
  git: 'git-commit',
  documents: 'file',
  chat: 'comment-discussion',
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
        label: FAMILY_NAMES[family],
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
  const state = { kind: 'tested', own: family === 'own' } as const;
  const about = [name, ...(pattern === undefined ? [] : [pattern])];
  if (refused !== null || !best) {
    return {
      label: name,
      description: `refused: ${refused ?? 'no neuron was chosen'}`,
      tooltip: [...about, counts],
      ...{ icon: 'circle-slash', state },
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
    ...{ icon: ICONS[family], state },
  };
}
