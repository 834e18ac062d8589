import type { Format } from './format';
import { jsonRecords } from './jsonRecords';
import { PendingText, splitRecords } from './records';
import type { RawRecord, RecordSplitter } from './records';

/** One JSON value a line (.jsonl, .ndjson). Records are the lines that are not blank. */
export const jsonLines: Format = {
  matches: (file) => /\.(jsonl|ndjson)$/i.test(file),
  read: (chunks, options) => jsonRecords(splitRecords(chunks, new LineSplitter()), options),
};

/** Cuts at line feeds. */
export class LineSplitter implements RecordSplitter {
  private readonly pending: PendingText;

  /** @param longest record in UTF-16 code units; the formats' own limit unless given. */
  constructor(longest?: number) {
    this.pending = new PendingText(longest);
  }

  *push(chunk: string): Generator<RawRecord> {
    let from = this.pending.text.length;
    this.pending.append(chunk);
    for (;;) {
      const lineEnd = this.pending.text.indexOf('\n', from);
      if (lineEnd < 0) break;
      yield* unlessBlank(this.pending.take(lineEnd + 1));
      from = 0;
    }
    this.pending.letGoIfTooLong(this.pending.text.length);
  }

  *finish(): Generator<RawRecord> {
    yield* unlessBlank(this.pending.take(this.pending.text.length));
  }
}

function* unlessBlank(record: RawRecord): Generator<RawRecord> {
  if (record.isTooLong || /\S/.test(record.text)) yield record;
}
