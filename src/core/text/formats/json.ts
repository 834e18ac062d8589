import type { FormatOptions, FoundText } from './format';
import { jsonRecords } from './jsonRecords';
import { skipSpace } from './jsonText';
import { PendingText, splitRecords } from './records';
import type { RawRecord, RecordSplitter } from './records';

/** A JSON array of records (.json), read element by element. */
export function jsonArray(chunks: AsyncIterable<string>, options: FormatOptions): AsyncGenerator<FoundText> {
  return jsonRecords(splitRecords(chunks, new ElementSplitter()), options);
}

/** Cuts at the commas of the outermost array. */
class ElementSplitter implements RecordSplitter {
  private readonly pending = new PendingText();
  private scanned = 0;
  private depth = 0;
  private isInString = false;
  private isEscaped = false;
  private isPastEnd = false;

  *push(chunk: string): Generator<RawRecord> {
    if (this.isPastEnd) return;
    this.pending.append(chunk);
    while (this.scanned < this.pending.text.length) {
      const character = this.pending.text.charAt(this.scanned);
      this.scanned += 1;
      if (this.isInString) this.readString(character);
      else if (character === '"') this.isInString = true;
      else if (character === ',' && this.depth === 1) yield* this.element();
      else if (character === '[' || character === '{') this.open();
      else if (character === ']' || character === '}') yield* this.close();
    }
  }

  /** An array that is cut off leaves half an element, which will be found to be broken. */
  *finish(): Generator<RawRecord> {
    if (this.isPastEnd) return;
    this.scanned = this.pending.text.length + 1;
    yield* this.element();
  }

  private readString(character: string): void {
    if (this.isEscaped) this.isEscaped = false;
    else if (character === '\\') this.isEscaped = true;
    else if (character === '"') this.isInString = false;
  }

  private open(): void {
    this.depth += 1;
    if (this.depth > 1) return;
    this.pending.take(this.scanned);
    this.scanned = 0;
  }

  private *close(): Generator<RawRecord> {
    this.depth -= 1;
    if (this.depth > 0) return;
    this.isPastEnd = true;
    yield* this.element();
    this.pending.take(this.pending.text.length);
  }

  /** What stands before the separator that was scanned last, unless it is blank as in `[]`. */
  private *element(): Generator<RawRecord> {
    const space = skipSpace(this.pending.text, 0);
    this.pending.take(space);
    const record = this.pending.take(Math.max(this.scanned - 1 - space, 0));
    this.pending.take(1);
    this.scanned = 0;
    if (record.text !== '') yield record;
  }
}
