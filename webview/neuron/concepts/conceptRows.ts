import { formatCount } from '../../../src/core/common/numberFormat';
import type { ConceptRow, NeuronMeaning } from '../../../src/core/concepts/neuronMeaning';

/** A row of the table of concepts. */
export interface ConceptInTable {
  readonly row: ConceptRow;
  /** The concept gives the neuron its name. */
  readonly isName: boolean;
  /** Stands below the concept that explains more. */
  readonly isNested: boolean;
}

/** The name's concept first, each with those nested with it below, then the others, the strongest first. */
export function conceptRows({ name, concepts }: NeuronMeaning): ConceptInTable[] {
  const names = new Set(concepts.map((row) => row.name));
  const below = (row: ConceptRow) => row.under !== null && names.has(row.under);
  const isName = (row: ConceptRow) => row.name === name?.concept;
  const first = concepts.filter((row) => !below(row));
  return [...first.filter(isName), ...first.filter((row) => !isName(row))].flatMap((row) => [
    { row, isName: isName(row), isNested: false },
    ...concepts
      .filter((other) => other.under === row.name)
      .map((other) => ({ row: other, isName: false, isNested: true })),
  ]);
}

/** What was tested and what the table therefore lacks, in a sentence or two. */
export function testedSentence({ conceptTests, concepts }: NeuronMeaning): string {
  if (!conceptTests) return 'No concepts were tested on this profile.';
  const { tested, refused } = conceptTests;
  const measured =
    concepts.length === 0
      ? 'it is among the first neurons for none'
      : `it is among the first neurons for ${formatCount(concepts.length)}; for the others it was not measured`;
  const left =
    refused === 0 ? '' : ` ${formatCount(refused)} more were refused: too few tokens or documents with them.`;
  return `Of ${formatCount(tested)} concepts tested, ${measured}.${left}`;
}
