import type { Outcome } from '../../core/concepts/evidence';
import type { MarkedPlace } from '../../core/concepts/own/conceptsFile';
import { addException } from '../../core/concepts/own/editConceptsFile';
import { CONCEPTS_FILE } from '../../core/concepts/own/ownConcept';
import type { Services } from '../lens';
import type { ProfileEntry } from '../profiles/profileEntry';
import { editConcepts, homeOf } from './ownConcepts';

/** A label that a reader of a concept's page found to be wrong. */
export interface WrongLabel {
  readonly entry: ProfileEntry;
  readonly concept: string;
  readonly outcome: Outcome;
  readonly place: MarkedPlace;
}

/**
 * Keeps in concepts.json that the label of a place is wrong: a hit or a miss does not carry the concept, a false alarm does.
 * @returns what was done, in a sentence. @throws LensError where the file cannot be changed
 */
export async function keepException(
  { context }: Services<'context'>,
  { entry, concept, outcome, place }: WrongLabel,
): Promise<string> {
  const carries = outcome === 'falseAlarms';
  await editConcepts(homeOf({ context, current: { entry } }, null), (text) =>
    addException(text, concept, carries ? 'examples' : 'counterExamples', place),
  );
  return (
    `Kept in ${CONCEPTS_FILE}: ${place.file} ${carries ? 'carries' : 'does not carry'} "${concept}" there. ` +
    'The next test of the concept knows it.'
  );
}
