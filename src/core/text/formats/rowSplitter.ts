import { PendingText } from './records';
import type { RawRecord, RecordSplitter } from './records';

/** How the fields of a row are told apart. */
export interface RowSyntax {
  /** Null where the row is one field. */
  readonly delimiter: string | null;
  /** Whether a quote at a field's beginning holds delimiters and line ends together up to the next one. */
  readonly quotes: boolean;
}

/** Up to a line end that does not stand in quotes, which begin at a field's beginning alone. */
const FIRST_ROW = /^(?:(?<=^|[,\t;|])"[^"]*"|[^\r\n])*/;
/** So many UTF-16 units say how a row is cut, however long it is. */
const MOST_OF_FIRST_ROW = 1 << 16;

/** Cuts at line ends outside quotes, the line end included. Empty lines are no records. */
export class RowSplitter implements RecordSplitter {
  private readonly pending: PendingText;
  private scanned = 0;
  private known: RowSyntax | null = null;
  private isFieldStart = true;
  private isInQuotes = false;

  /**
   * @param syntaxOf what a file's first row, quoted line ends and all, says about the others.
   * @param longest record in UTF-16 code units; the formats' own limit unless given.
   */
  constructor(
    private readonly syntaxOf: (firstRow: string) => RowSyntax,
    longest?: number,
  ) {
    this.pending = new PendingText(longest);
  }

  /** Known once the first record was given. */
  get syntax(): RowSyntax {
    const beginning = this.pending.text.slice(0, MOST_OF_FIRST_ROW);
    return (this.known ??= this.syntaxOf(FIRST_ROW.exec(beginning)![0]));
  }

  *push(chunk: string): Generator<RawRecord> {
    this.pending.append(chunk);
    if (this.known === null && !/[\r\n]/.test(chunk)) {
      this.pending.letGoIfTooLong(this.pending.text.length);
      return;
    }
    const { syntax } = this;
    // The last character waits for the next chunk: it may be the CR of a CR LF.
    while (this.scanned < this.pending.text.length - 1) {
      if (this.endsRecord(syntax)) yield* this.record();
    }
    if (!this.pending.letGoIfTooLong(this.scanned)) return;
    // Most likely a quote is missing, so the next line end is taken for the record's.
    this.scanned = 0;
    this.isInQuotes = this.isFieldStart = false;
  }

  *finish(): Generator<RawRecord> {
    this.scanned = this.pending.text.length;
    yield* this.record();
  }

  /** Goes over one character. A quote means something only where a field begins, and until it ends. */
  private endsRecord({ delimiter, quotes }: RowSyntax): boolean {
    const { text } = this.pending;
    const character = text.charAt(this.scanned);
    this.scanned += 1;
    if (this.isInQuotes) {
      // A doubled quote closes the quotes and opens them again: behind the first it is still a field's start.
      if (character === '"') this.isInQuotes = false;
      return false;
    }
    if (quotes && character === '"' && this.isFieldStart) {
      this.isInQuotes = true;
      return false;
    }
    this.isFieldStart = character === delimiter;
    if (character === '\r' && text.charAt(this.scanned) === '\n') this.scanned += 1;
    return character === '\n' || character === '\r';
  }

  private *record(): Generator<RawRecord> {
    const record = this.pending.take(this.scanned);
    this.scanned = 0;
    this.isFieldStart = true;
    this.isInQuotes = false;
    if (record.isTooLong || /[^\r\n]/.test(record.text)) yield record;
  }
}
