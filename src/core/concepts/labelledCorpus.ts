import { prefetch } from '../pipeline/prefetch';
import type { Concept, ConceptFamily, ConceptSource } from './concept';
import type { LabelFamily } from './labels/family';
import { fileTypeOf } from './labels/fileType';
import { Findings, TokenLayout, type LaidLabels } from './labels/findings';
import type { Labellers } from './labels/labellers';
import type { LabelText } from './labels/labelText';
import type { Halves } from './statistics/halves';
import { tooFew, type ConceptCounts } from './statistics/naming';
import type { TokenSpan } from './statistics/rolledLabels';

/**
 * The tokens that concepts are tested on, numbered through: those of half A first, then those of half B, each half in the
 * order of its excerpts. Columns of n entries.
 */
export interface LabelledCorpus {
  readonly concepts: readonly Concept[];
  readonly tokens: number;
  /** Tokens of half A: the first of all. */
  readonly inA: number;
  /** [n] token types. */
  readonly ids: Uint32Array;
  /** [concepts][n] 1 where a token carries the concept. */
  readonly labels: readonly Uint8Array[];
  /** By name: why a concept could not be labelled. */
  readonly dropped: ReadonlyMap<string, string>;
  /** [concepts] tokens that a span covers in part. */
  readonly split: readonly number[];
  /** [n] number of the excerpt within its half. */
  readonly excerpt: Uint32Array;
  /** Where the excerpts of each half lie. Those of B count from the first token of B. */
  readonly spans: Readonly<Record<'a' | 'b', readonly TokenSpan[]>>;
  /** By document: [tokens of the document] number of each token here, −1 for those in neither half. */
  readonly numbers: readonly Int32Array[];
  /** [n] the document and the token within it that each is. */
  readonly places: { readonly document: Uint32Array; readonly token: Uint32Array };
}

/** What was found of each concept in a text, and the concepts that are given up, with the reason. */
interface TextLabels {
  readonly laid: readonly LaidLabels[];
  readonly dropped: ReadonlyMap<string, string>;
}

/** Labels one document by itself. @returns in the order of the families' concepts */
export async function labelDocument(
  document: UnreadText,
  families: readonly LabelFamily[],
  labellers: Labellers,
): Promise<TextLabels> {
  const concepts = families.flatMap((family) => family.concepts);
  return layLabels(await readText(document, concepts, labellers), families, labellers);
}

async function layLabels(
  text: LabelText,
  families: readonly LabelFamily[],
  labellers: Labellers,
): Promise<TextLabels> {
  const findings = new Findings();
  for (const family of families) await family.find(text, findings, labellers);
  const layout = new TokenLayout(text.text, text.tokens);
  const concepts = families.flatMap((family) => family.concepts);
  return { laid: concepts.map(({ name }) => findings.labelsOf(name, layout)), dropped: findings.dropped };
}

/** What was found in a document; null for one in neither half. */
type LabelledText = { members: Uint8Array; ids: Uint32Array; labels: Uint32Array[] } | null;

/** A document that is to be labelled. */
type UnreadText = Omit<LabelText, 'type' | 'tagged' | 'markup' | 'code'>;

/** One with its tokens of the population marked. */
export interface MemberText extends UnreadText {
  /** [tokens] 1 for a token of the population. */
  readonly members: Uint8Array;
}

/**
 * Labels all documents.
 * @param texts in the order of the documents that `halves` was made from; null for one that is in neither half.
 */
export async function labelCorpus(
  texts: AsyncIterable<MemberText | null>,
  halves: Halves,
  families: readonly LabelFamily[],
  labellers: Labellers,
): Promise<LabelledCorpus> {
  const concepts = families.flatMap((family) => family.concepts);
  const documents: LabelledText[] = [];
  const split = concepts.map(() => 0);
  const dropped = new Map<string, string>();
  for await (const read of prefetch(readTexts(texts, concepts, labellers))) {
    if (!read) {
      documents.push(null);
      continue;
    }
    const { members, text } = read;
    const found = await layLabels(text, families, labellers);
    found.dropped.forEach((reason, name) => dropped.set(name, reason));
    found.laid.forEach((laid, concept) => (split[concept]! += laid.split));
    documents.push({ members, ids: text.tokens.ids, labels: found.laid.map(({ tokens }) => tokens) });
  }
  return { ...numberTokens(concepts, split, documents, halves), dropped };
}

/** What the labellers make of each text. */
async function* readTexts(
  texts: AsyncIterable<MemberText | null>,
  concepts: readonly Concept[],
  labellers: Labellers,
): AsyncGenerator<{ readonly members: Uint8Array; readonly text: LabelText } | null> {
  for await (const member of texts) {
    if (!member) {
      yield null;
      continue;
    }
    const { members, ...document } = member;
    yield { members, text: await readText(document, concepts, labellers) };
  }
}

/** What the labellers make of a text; none is asked that no concept rests on. */
async function readText(
  document: UnreadText,
  concepts: readonly Concept[],
  labellers: Labellers,
): Promise<LabelText> {
  const restsOn = (source: ConceptSource, family: ConceptFamily) =>
    concepts.some((concept) => concept.source === source && concept.family === family);
  const { text, file, record } = document;
  const type = fileTypeOf(file, record);
  const [tagged, markup, code] = await Promise.all([
    restsOn('wink-nlp', 'language') && type.prose ? labellers.tag(text) : null,
    restsOn('lezer', 'enclosure') && type.prose ? labellers.parseMarkup(text) : [],
    restsOn('lezer', 'code') && type.code !== null ? labellers.parseCode(text, type.code) : [],
  ]);
  return { ...document, type, tagged, markup: markup ?? [], code: code ?? [] };
}

function numberTokens(
  concepts: readonly Concept[],
  split: readonly number[],
  documents: readonly LabelledText[],
  { excerpts }: Halves,
): Omit<LabelledCorpus, 'dropped'> {
  const numbers = documents.map((document) => new Int32Array(document?.ids.length ?? 0).fill(-1));
  const spans = { a: [] as TokenSpan[], b: [] as TokenSpan[] };
  let tokens = 0;
  let inA = 0;
  for (const half of ['a', 'b'] as const) {
    inA = half === 'b' ? tokens : 0;
    for (const excerpt of excerpts) {
      if (excerpt.half !== half) continue;
      const start = tokens - inA;
      const { members } = documents[excerpt.document]!;
      for (let token = excerpt.first; token < excerpt.end; token++) {
        if (members[token] === 1) numbers[excerpt.document]![token] = tokens++;
      }
      spans[half].push({ start, end: tokens - inA });
    }
  }
  const excerpt = new Uint32Array(tokens);
  spans.a.forEach(({ start, end }, number) => excerpt.fill(number, start, end));
  spans.b.forEach(({ start, end }, number) => excerpt.fill(number, inA + start, inA + end));
  const ids = new Uint32Array(tokens);
  const places = { document: new Uint32Array(tokens), token: new Uint32Array(tokens) };
  const labels = concepts.map(() => new Uint8Array(tokens));
  documents.forEach((document, at) => {
    if (!document) return;
    const numberOf = numbers[at]!;
    numberOf.forEach((number, token) => {
      if (number < 0) return;
      ids[number] = document.ids[token]!;
      places.document[number] = at;
      places.token[number] = token;
    });
    document.labels.forEach((carriers, concept) => {
      for (const token of carriers) if (numberOf[token]! >= 0) labels[concept]![numberOf[token]!] = 1;
    });
  });
  return { concepts, tokens, inA, ids, labels, split, excerpt, spans, numbers, places };
}

/** Why a concept has no figures, as a clause without a full stop; null where it has. */
export function refusalOf(corpus: LabelledCorpus, concept: number): string | null {
  return corpus.dropped.get(corpus.concepts[concept]!.name) ?? tooFew(countsOf(corpus, concept));
}

/** What a concept has in each half. */
export function countsOf({ inA, tokens, labels, spans }: LabelledCorpus, concept: number): ConceptCounts {
  const column = labels[concept]!;
  const inHalf = { a: column.subarray(0, inA), b: column.subarray(inA, tokens) };
  const positives = { a: sum(inHalf.a), b: sum(inHalf.b) };
  const documentsIn = (half: 'a' | 'b') =>
    spans[half].filter(({ start, end }) => inHalf[half].subarray(start, end).includes(1)).length;
  return {
    positives,
    others: { a: inA - positives.a, b: tokens - inA - positives.b },
    documents: { a: documentsIn('a'), b: documentsIn('b') },
  };
}

function sum(labels: Uint8Array): number {
  let total = 0;
  for (let token = 0; token < labels.length; token++) total += labels[token]!;
  return total;
}
