import { LensError } from '../../common/errors';
import type { Concept } from '../concept';
import type { Findings } from './findings';
import type { LabelText } from './labelText';

/** Concepts that are found by one look at a document. */
export interface LabelFamily {
  readonly concepts: readonly Concept[];
  /** Says what it finds under the names of its concepts; in time that grows with the length of the text and no faster. */
  find(text: LabelText, findings: Findings): void;
}

/** The families with only the concepts that are named. @throws LensError `usage` for a name that none of them has */
export function onlyConcepts(families: readonly LabelFamily[], names: readonly string[]): LabelFamily[] {
  const known = new Set(families.flatMap(({ concepts }) => concepts.map(({ name }) => name)));
  const unknown = names.find((name) => !known.has(name));
  if (unknown !== undefined) {
    throw new LensError('usage', `There is no concept "${unknown}". There are: ${[...known].join(', ')}.`);
  }
  return families
    .map((family) => ({
      concepts: family.concepts.filter(({ name }) => names.includes(name)),
      find: (text: LabelText, findings: Findings) => family.find(text, findings),
    }))
    .filter(({ concepts }) => concepts.length > 0);
}
