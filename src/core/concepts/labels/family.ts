import type { Concept } from '../concept';
import type { Findings } from './findings';
import type { LabelText } from './labelText';

/** Concepts that are found by one look at a document. */
export interface LabelFamily {
  readonly concepts: readonly Concept[];
  /** Says what it finds under the names of its concepts; in time that grows with the length of the text and no faster. */
  find(text: LabelText, findings: Findings): void;
}
