/** Concepts stand together by what they are about, in this order. */
export const FAMILIES = [
  'own',
  'spelling',
  'enclosure',
  'language',
  'code',
  'editor',
  'git',
  'documents',
  'chat',
  'place',
] as const;
export type ConceptFamily = (typeof FAMILIES)[number];

/** What readers call the families. */
export const FAMILY_NAMES: Readonly<Record<ConceptFamily, string>> = {
  own: 'Your own',
  spelling: 'Spelling',
  place: 'Place',
  enclosure: 'Enclosure',
  language: 'Language',
  code: 'Code',
  editor: 'Language extensions',
  git: 'Git',
  documents: 'Documents',
  chat: 'Chat',
};

/** What the labels can come from, in words. */
export const SOURCE_NAMES = {
  text: 'a rule about the text',
  tokens: 'a rule about the tokens',
  'wink-nlp': 'wink-nlp, which reads English',
  lezer: "Lezer's grammars",
  regex: 'regular expression',
  words: 'word list',
  labels: 'labels',
  conllu: 'CoNLL-U',
  editor: 'semantic tokens and diagnostics of language extensions',
  git: 'git blame',
} as const;
export type ConceptSource = keyof typeof SOURCE_NAMES;

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
