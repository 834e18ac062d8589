import type { FilePlace } from '../document';
import { Places } from '../places';
import type { TextSpan } from '../textSpan';
import type { Format } from './format';
import { PendingText, recordSlices, splitRecords, TOO_LONG } from './records';
import type { RawRecord, RecordSplitter } from './records';

/** Columns of CoNLL-U, in their order. */
export const CONLLU_COLUMNS = [
  'id',
  'form',
  'lemma',
  'upos',
  'xpos',
  'feats',
  'head',
  'deprel',
  'deps',
  'misc',
] as const;

/** A word of a treebank, and where it stands in the text of its document: parts of a contraction share its place. */
export interface TreebankWord extends TextSpan {
  readonly columns: readonly string[];
}

/** A document of a treebank: the text of its sentences, a line each, and an empty line before a paragraph. */
export interface TreebankDocument {
  /** Counted from 0 in its file. */
  readonly record: number;
  readonly text: string;
  readonly words: readonly TreebankWord[];
  readonly locate: (offset: number) => FilePlace;
  /** Sentences that were left out. */
  readonly broken: readonly { readonly place: FilePlace; readonly reason: string }[];
}

/** A treebank in CoNLL-U (.conllu): its text, one document a `# newdoc`, or the whole file without one. */
export const conllu: Format = {
  matches: (file) => /\.conllu$/i.test(file),
  read: async function* (chunks, { onBroken }) {
    for await (const { record, text, locate, broken } of treebankDocuments(chunks)) {
      for (const { place, reason } of broken) onBroken(place, 'treebank', reason);
      if (text !== '') yield* recordSlices(record, { text, locate });
    }
  },
};

/** The documents of a CoNLL-U file. */
export async function* treebankDocuments(chunks: AsyncIterable<string>): AsyncGenerator<TreebankDocument> {
  let record = 0;
  for await (const raw of splitRecords(chunks, new DocumentSplitter())) yield readDocument(raw, record++);
}

/** Cuts before each line `# newdoc`. */
class DocumentSplitter implements RecordSplitter {
  private readonly pending = new PendingText();
  private scanned = 0;

  *push(chunk: string): Generator<RawRecord> {
    this.pending.append(chunk);
    for (;;) {
      const found = this.pending.text.indexOf('\n# newdoc', this.scanned);
      if (found < 0) break;
      this.scanned = 0;
      yield* unlessEmpty(this.pending.take(found + 1));
    }
    this.scanned = Math.max(0, this.pending.text.length - '\n# newdoc'.length);
    if (this.pending.letGoIfTooLong(this.pending.text.length)) this.scanned = 0;
  }

  *finish(): Generator<RawRecord> {
    yield* unlessEmpty(this.pending.take(this.pending.text.length));
  }
}

function* unlessEmpty(record: RawRecord): Generator<RawRecord> {
  if (record.isTooLong || /^\d/m.test(record.text)) yield record;
}

/** A row of a sentence, and where its form stands in the record. */
interface Row {
  readonly columns: readonly string[];
  readonly form: number;
}

function readDocument(raw: RawRecord, record: number): TreebankDocument {
  const places = new Places(raw.text, raw.place);
  const broken: { place: FilePlace; reason: string }[] = [];
  if (raw.isTooLong) {
    broken.push({ place: raw.place, reason: TOO_LONG });
    return { record, text: '', words: [], locate: () => raw.place, broken };
  }
  const pieces: string[] = [];
  const words: TreebankWord[] = [];
  /** Where the forms begin in the text, ascending, and in the record. */
  const starts: { readonly at: number; readonly form: number }[] = [];
  let length = 0;
  const write = (piece: string): void => {
    pieces.push(piece);
    length += piece.length;
  };
  let rows: Row[] = [];
  let fault: { readonly at: number; readonly reason: string } | null = null;
  const endSentence = (): void => {
    if (fault !== null) broken.push({ place: places.at(fault.at), reason: fault.reason });
    else if (rows.length > 0) {
      writeSentence(rows, words, starts, () => length, write);
      write('\n');
    }
    rows = [];
    fault = null;
  };
  for (const { index, 0: line } of raw.text.matchAll(/[^\r\n]+|\r\n|\n|\r/g)) {
    const isEnd = /^[\r\n]/.test(line);
    if (isEnd && index > 0 && /[\r\n]/.test(raw.text.charAt(index - 1))) endSentence();
    else if (line.startsWith('# newpar') && length > 0) write('\n');
    if (isEnd || line.startsWith('#')) continue;
    const columns = line.split('\t');
    const reason = faultOf(columns);
    if (reason !== null) fault ??= { at: index, reason };
    rows.push({ columns, form: index + (columns[0]?.length ?? 0) + 1 });
  }
  endSentence();
  const text = pieces.join('');
  return { record, text, words, locate: locator(starts, places, raw.place), broken };
}

function faultOf(columns: readonly string[]): string | null {
  if (columns.length !== CONLLU_COLUMNS.length) {
    return `it has ${columns.length} ${columns.length === 1 ? 'column' : 'columns'}, a word of CoNLL-U has ${CONLLU_COLUMNS.length}, with tabs between`;
  }
  if (!/^\d+(?:[-.]\d+)?$/.test(columns[0]!)) return `"${columns[0]!.slice(0, 20)}" is no number of a word`;
  return columns[1] === '' ? 'the word has no form' : null;
}

/** Writes a sentence's text: contractions as they are written, their parts at the same place; empty nodes not at all. */
function writeSentence(
  rows: readonly Row[],
  words: TreebankWord[],
  starts: { readonly at: number; readonly form: number }[],
  lengthNow: () => number,
  write: (piece: string) => void,
): void {
  let shared: TextSpan | null = null;
  let sharedUpTo = 0;
  let gap = '';
  for (const { columns, form } of rows) {
    const id = columns[0]!;
    if (id.includes('.')) continue;
    const number = Number(id.split('-')[0]);
    if (shared !== null && number <= sharedUpTo && !id.includes('-')) {
      words.push({ ...shared, columns });
      continue;
    }
    write(gap);
    const start = lengthNow();
    write(columns[1]!);
    starts.push({ at: start, form });
    const span = { start, end: start + columns[1]!.length };
    if (id.includes('-')) [shared, sharedUpTo] = [span, Number(id.split('-')[1])];
    else words.push({ ...span, columns });
    gap = /(?:^|\|)SpaceAfter=No(?:\||$)/.test(columns[9]!) ? '' : ' ';
  }
}

function locator(
  starts: readonly { readonly at: number; readonly form: number }[],
  places: Places,
  begin: FilePlace,
): (offset: number) => FilePlace {
  return (offset) => {
    let [low, high] = [0, starts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (starts[middle]!.at <= offset) low = middle + 1;
      else high = middle;
    }
    const word = starts[low - 1];
    return word ? places.at(word.form + offset - word.at) : begin;
  };
}
