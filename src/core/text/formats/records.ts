import { LensError } from '../../common/errors';
import type { FilePlace } from '../document';
import { partEnd, PART_LENGTH } from '../parts';
import { FILE_START, Places } from '../places';
import type { FoundText } from './format';

/** A record as it stands in the file. */
export interface RawRecord {
  readonly text: string;
  readonly place: FilePlace;
}

/** The text of a record, with its way back into the file. */
export interface RecordText {
  readonly text: string;
  readonly locate: (offset: number) => FilePlace;
}

/** A record's text, cut when it is longer than a document may be. */
export function* recordParts(record: number, { text, locate }: RecordText): Generator<FoundText> {
  if (text.length <= PART_LENGTH) {
    yield { record, part: null, text, offsetBase: 0, locate };
    return;
  }
  for (let part = 1, start = 0; start < text.length; part++) {
    const offsetBase = start;
    start = partEnd(text, offsetBase);
    yield {
      record,
      part,
      text: text.slice(offsetBase, start),
      offsetBase,
      locate: (offset) => locate(offsetBase + offset),
    };
  }
}

/** Finds where records end in a text that arrives in chunks. */
export interface RecordSplitter {
  push(chunk: string): Iterable<RawRecord>;
  /** What is left at the end of the file. */
  finish(): Iterable<RawRecord>;
}

/** Longest record in UTF-16 code units. A missing quote or bracket would otherwise take in the rest of the file. */
const LONGEST_RECORD = 1 << 26;

export async function* splitRecords(
  chunks: AsyncIterable<string>,
  splitter: RecordSplitter,
): AsyncGenerator<RawRecord> {
  for await (const chunk of chunks) yield* splitter.push(chunk);
  yield* splitter.finish();
}

/** Text that was read and not yet taken as part of a record. */
export class PendingText {
  text = '';
  private place = FILE_START;

  append(chunk: string): void {
    this.text += chunk;
    if (this.text.length > LONGEST_RECORD) {
      throw new LensError(
        'unsupported-text',
        `the record at line ${this.place.line} does not end within ${LONGEST_RECORD} characters: is a quote or a bracket missing there?`,
      );
    }
  }

  /** Takes the first `length` characters away. */
  take(length: number): RawRecord {
    const record = { text: this.text.slice(0, length), place: this.place };
    this.place = new Places(record.text, this.place).end;
    this.text = this.text.slice(length);
    return record;
  }
}
