import type { Concept } from '../concept';

/** How often a labeller's tag is right, and how many of the words that should have it do. */
export interface LabellerAccuracy {
  readonly labeller: string;
  /** The tag that was measured: of a concept that rests on more than it, an upper bound. */
  readonly tag: string;
  readonly precision: number;
  readonly recall: number;
  /** What it was measured on. */
  readonly on: string;
}

/** wink-nlp on UD English EWT, dev (25,147 words, 88.8 % right): tools/check/labeller-accuracy.mjs. */
const BY_TAG: Readonly<Record<string, readonly [precision: number, recall: number]>> = {
  ADJ: [0.87, 0.69],
  ADP: [0.89, 0.97],
  ADV: [0.89, 0.8],
  AUX: [0.86, 0.95],
  CCONJ: [0.99, 0.98],
  DET: [0.96, 0.98],
  INTJ: [0.9, 0.62],
  NOUN: [0.88, 0.85],
  NUM: [0.95, 0.97],
  PART: [0.94, 0.94],
  PRON: [0.97, 0.95],
  PROPN: [0.67, 0.87],
  SCONJ: [0.87, 0.61],
  VERB: [0.9, 0.85],
};

/** @returns null for a concept that rests on no tag of a labeller. */
export function accuracyOf({ source, tag }: Pick<Concept, 'source' | 'tag'>): LabellerAccuracy | null {
  if (source !== 'wink-nlp' || tag === undefined) return null;
  const known = BY_TAG[tag];
  if (!known) return null;
  const [precision, recall] = known;
  return { labeller: 'wink-nlp 2.4', tag, precision, recall, on: 'UD English EWT, dev' };
}
