import { PendingText } from './records';
import type { RawRecord, RecordSplitter } from './records';

/** The likeliest first: it is taken when a line has as many of another. */
const DELIMITERS = [',', '\t', ';', '|'];

/** Cuts at line ends outside quotes, the line end included. Empty lines are no records. */
export class CsvSplitter implements RecordSplitter {
  /** Known once the first record was given. */
  delimiter = ',';
  private readonly pending = new PendingText();
  private scanned = 0;
  private isStarted = false;
  private isFieldStart = true;
  private isInQuotes = false;

  *push(chunk: string): Generator<RawRecord> {
    this.pending.append(chunk);
    if (!this.isStarted) {
      if (!/[\r\n]/.test(chunk)) return;
      this.start();
    }
    // The last character waits for the next chunk: it may be the CR of a CR LF.
    while (this.scanned < this.pending.text.length - 1) {
      if (this.endsRecord()) yield* this.record();
    }
  }

  *finish(): Generator<RawRecord> {
    if (!this.isStarted) this.start();
    this.scanned = this.pending.text.length;
    yield* this.record();
  }

  private start(): void {
    this.delimiter = delimiterOf(this.pending.text);
    this.isStarted = true;
  }

  /** Goes over one character. A quote means something only where a field begins, and until it ends. */
  private endsRecord(): boolean {
    const { text } = this.pending;
    const character = text.charAt(this.scanned);
    this.scanned += 1;
    if (this.isInQuotes) {
      // A doubled quote closes the quotes and opens them again.
      if (character === '"') this.isInQuotes = false;
      this.isFieldStart = character === '"';
      return false;
    }
    if (character === '"' && this.isFieldStart) {
      this.isInQuotes = true;
      return false;
    }
    this.isFieldStart = character === this.delimiter;
    if (character === '\r' && text.charAt(this.scanned) === '\n') this.scanned += 1;
    return character === '\n' || character === '\r';
  }

  private *record(): Generator<RawRecord> {
    const record = this.pending.take(this.scanned);
    this.scanned = 0;
    this.isFieldStart = true;
    this.isInQuotes = false;
    if (/[^\r\n]/.test(record.text)) yield record;
  }
}

function delimiterOf(text: string): string {
  const header = /^[^\r\n]*/.exec(text)![0].replace(/"[^"]*"/g, '');
  const counts = DELIMITERS.map((delimiter) => header.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))]!;
}
