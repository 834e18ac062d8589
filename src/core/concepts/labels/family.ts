import { LensError } from '../../common/errors';
import type { Concept } from '../concept';
import type { Findings } from './findings';
import type { Labellers } from './labellers';
import type { LabelText } from './labelText';

/** Concepts that are found by one look at a document. */
export interface LabelFamily {
  readonly concepts: readonly Concept[];
  /** Also says where other families' labels are wrong. */
  readonly corrects?: boolean;
  /**
   * Says what it finds under the names of its concepts; in time that grows with the length of the text and no faster.
   * What may take longer asks the labellers, who give it up.
   */
  find(text: LabelText, findings: Findings, labellers: Labellers): void | Promise<void>;
}

/** @throws LensError `usage` for a name that no family has */
export function requireConcepts(families: readonly LabelFamily[], names: readonly string[]): void {
  const known = new Set(families.flatMap(({ concepts }) => concepts.map(({ name }) => name)));
  const unknown = names.find((name) => !known.has(name));
  if (unknown !== undefined) {
    throw new LensError('usage', `There is no concept "${unknown}". There are: ${[...known].join(', ')}.`);
  }
}

/** The families with only the concepts that are named. @throws LensError `usage` for a name that none of them has */
export function onlyConcepts(families: readonly LabelFamily[], names: readonly string[]): LabelFamily[] {
  requireConcepts(families, names);
  return families
    .map((family) => ({
      concepts: family.concepts.filter(({ name }) => names.includes(name)),
      corrects: family.corrects === true,
      find: (...document: Parameters<LabelFamily['find']>) => family.find(...document),
    }))
    .filter(({ concepts, corrects }) => concepts.length > 0 || corrects);
}
