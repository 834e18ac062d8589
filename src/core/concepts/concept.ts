/** Concepts stand together by what they are about, in this order. */
export const FAMILIES = [
  'own',
  'spelling',
  'enclosure',
  'language',
  'code',
  'documents',
  'chat',
  'place',
] as const;
export type ConceptFamily = (typeof FAMILIES)[number];

/** What the labels come from. */
export type ConceptSource =
  'text' | 'tokens' | 'wink-nlp' | 'lezer' | 'regex' | 'words' | 'labels' | 'conllu';

/** A property that a token of a corpus has or has not. */
export interface Concept {
  readonly name: string;
  readonly family: ConceptFamily;
  readonly source: ConceptSource;
  /** The expression, the words or the column and value, where the labels come from such. */
  readonly pattern?: string;
  /** The tag of the labeller that the concept rests on, of which the accuracy is known. */
  readonly tag?: string;
  /** Name of the concept that is likest to it: its tokens are the hard negatives. */
  readonly sibling?: string;
}
