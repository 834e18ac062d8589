import type { FilePlace } from '../document';
import { sliceEnd, SLICE_LENGTH } from '../slices';
import { FILE_START, Places } from '../places';
import type { FoundText } from './format';

/** A record as it stands in the file. */
export interface RawRecord {
  readonly text: string;
  readonly place: FilePlace;
  /** Whether it was longer than a record may be: its text is then only the end of it. */
  readonly isTooLong: boolean;
}

/** The text of a record, with its way back into the file. */
export interface RecordText {
  readonly text: string;
  readonly locate: (offset: number) => FilePlace;
}

/** A record's text, cut when it is longer than a document may be. */
export function* recordSlices(record: number, { text, locate }: RecordText): Generator<FoundText> {
  if (text.length <= SLICE_LENGTH) {
    yield { record, slice: null, text, offsetBase: 0, locate };
    return;
  }
  for (let slice = 1, start = 0; start < text.length; slice++) {
    const offsetBase = start;
    start = sliceEnd(text, offsetBase);
    yield {
      record,
      slice,
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
export const LONGEST_RECORD = 1 << 26;
export const TOO_LONG = `it is longer than ${LONGEST_RECORD / 2 ** 20} Mi characters: is a quote or a bracket missing there?`;

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
  /** Where the record began that has grown too long. */
  private tooLongFrom: FilePlace | null = null;

  constructor(private readonly longest = LONGEST_RECORD) {}

  /** Whether the record that is being read has grown too long. */
  get isTooLong(): boolean {
    return this.tooLongFrom !== null;
  }

  append(chunk: string): void {
    this.text += chunk;
  }

  /**
   * Lets go of the first `length` characters if they alone are longer than a record may be: the record is then given
   * as too long when its end is found.
   * @returns whether it did.
   */
  letGoIfTooLong(length: number): boolean {
    if (length <= this.longest) return false;
    const { place } = this.take(length);
    this.tooLongFrom = place;
    return true;
  }

  /** Takes the first `length` characters away. */
  take(length: number): RawRecord {
    const text = this.text.slice(0, length);
    const record = { text, place: this.tooLongFrom ?? this.place, isTooLong: this.isTooLong };
    this.place = new Places(text, this.place).end;
    this.text = this.text.slice(length);
    this.tooLongFrom = null;
    return record;
  }
}
