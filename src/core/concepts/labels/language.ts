import { sentencesOf } from '../../text/sentences';
import type { Concept } from '../concept';
import type { LabelFamily } from './family';
import type { Findings } from './findings';
import * as english from './english';
import type { TaggedText, TaggedWord } from './labellers';

/** Parts of speech by their Universal tags, and what each is likeliest to be taken for. */
const PARTS_OF_SPEECH: Readonly<Record<string, readonly [name: string, sibling: string]>> = {
  NOUN: ['nouns', 'proper nouns'],
  PROPN: ['proper nouns', 'nouns'],
  VERB: ['verbs', 'auxiliary verbs'],
  AUX: ['auxiliary verbs', 'verbs'],
  ADJ: ['adjectives', 'adverbs'],
  ADV: ['adverbs', 'adjectives'],
  PRON: ['pronouns', 'determiners'],
  DET: ['determiners', 'pronouns'],
  ADP: ['prepositions', 'subordinating conjunctions'],
  CCONJ: ['coordinating conjunctions', 'subordinating conjunctions'],
  SCONJ: ['subordinating conjunctions', 'prepositions'],
  PART: ['particles', 'prepositions'],
  NUM: ['numerals', 'determiners'],
  INTJ: ['interjections', 'adverbs'],
};

/** Words by lists, whatever their part of speech. */
const WORD_LISTS: Readonly<Record<string, ReadonlySet<string>>> = {
  'negation words': english.NEGATIONS,
  'first person': english.FIRST_PERSON,
  'second person': english.SECOND_PERSON,
  'financial terms': english.FINANCE,
  'positive words': english.POSITIVE,
  'negative words': english.NEGATIVE,
};

/** A word with its apostrophes; each match begins where the one before ended or later. */
const WORD = /\p{L}+(?:['’]\p{L}+)*/gu;

const PAST = 'verbs in the past tense';
const PRESENT = 'verbs in the present tense';
const COMPARED = 'comparatives and superlatives';
const NEGATED = 'within the scope of a negation';
const QUESTIONS = 'questions';
const POSITIVE_SENTENCES = 'positive sentences';
const NEGATIVE_SENTENCES = 'negative sentences';
/** Sentiment of a sentence from which on it counts. */
const CLEAR_SENTIMENT = 0.3;

/** What a word or sentence is in English. */
export const language: LabelFamily = {
  concepts: [
    ...Object.entries(PARTS_OF_SPEECH).map(([tag, [name, sibling]]): Concept => ({
      name,
      family: 'language',
      source: 'wink-nlp',
      tag,
      sibling,
    })),
    ...Object.keys(WORD_LISTS).map((name): Concept => ({ name, family: 'language', source: 'words' })),
    { name: PAST, family: 'language', source: 'wink-nlp', tag: 'VERB', sibling: PRESENT },
    { name: PRESENT, family: 'language', source: 'wink-nlp', tag: 'VERB', sibling: PAST },
    { name: COMPARED, family: 'language', source: 'wink-nlp', tag: 'ADJ', sibling: 'adjectives' },
    { name: NEGATED, family: 'language', source: 'wink-nlp' },
    { name: QUESTIONS, family: 'language', source: 'text' },
    {
      name: POSITIVE_SENTENCES,
      family: 'language',
      source: 'wink-nlp',
      sibling: NEGATIVE_SENTENCES,
    },
    {
      name: NEGATIVE_SENTENCES,
      family: 'language',
      source: 'wink-nlp',
      sibling: POSITIVE_SENTENCES,
    },
  ],
  find({ text, type, tagged }, findings) {
    if (!type.prose) return;
    for (const { index, 0: word } of text.matchAll(WORD)) {
      const small = word.toLowerCase().replaceAll('’', "'");
      for (const [name, list] of Object.entries(WORD_LISTS)) {
        if (list.has(small)) findings.span(name, index, index + word.length);
      }
    }
    for (const { start, end } of sentencesOf(text)) {
      if (/\?["'”’)\]]{0,4}\s*$/.test(text.slice(Math.max(start, end - 16), end)))
        findings.span(QUESTIONS, start, end);
    }
    if (tagged) findTagged(text, tagged, findings);
  },
};

function findTagged(text: string, { words, sentences }: TaggedText, findings: Findings): void {
  for (const word of words) {
    const { start, end, upos, negated } = word;
    const part = PARTS_OF_SPEECH[upos];
    if (part) findings.span(part[0], start, end);
    if (negated) findings.span(NEGATED, start, end);
    const form = text.slice(start, end).toLowerCase();
    if (upos === 'VERB' || upos === 'AUX') {
      const tense = tenseOf(form, word);
      if (tense !== null) findings.span(tense, start, end);
    }
    if ((upos === 'ADJ' || upos === 'ADV') && isCompared(form, word)) findings.span(COMPARED, start, end);
  }
  for (const { start, end, sentiment } of sentences) {
    if (sentiment > CLEAR_SENTIMENT) findings.span(POSITIVE_SENTENCES, start, end);
    if (sentiment < -CLEAR_SENTIMENT) findings.span(NEGATIVE_SENTENCES, start, end);
  }
}

/** By the form alone: -ed and irregular forms are past, the base form and -s present, -ing neither. */
function tenseOf(form: string, { lemma }: TaggedWord): string | null {
  if (english.IRREGULAR_PAST.has(form) || (form.endsWith('ed') && form !== lemma)) return PAST;
  if (form.endsWith('ing') || form.endsWith('en')) return null;
  return form === lemma || form.endsWith('s') || /^(?:am|are|is|'s|'re|'m|’s|’re|’m)$/.test(form)
    ? PRESENT
    : null;
}

function isCompared(form: string, { lemma }: TaggedWord): boolean {
  if (/^(?:more|most|less|least|better|best|worse|worst|further|farther|furthest)$/.test(form)) return true;
  return form !== lemma && /(?:er|est)$/.test(form);
}
