import type { FormatOptions, FoundText } from './format';
import { jsonRecords } from './jsonRecords';
import { PendingText, splitRecords } from './records';
import type { RawRecord, RecordSplitter } from './records';

/** One JSON value a line (.jsonl, .ndjson). Records are the lines that are not blank. */
export function jsonLines(chunks: AsyncIterable<string>, options: FormatOptions): AsyncGenerator<FoundText> {
  return jsonRecords(splitRecords(chunks, new LineSplitter()), options);
}

class LineSplitter implements RecordSplitter {
  private readonly pending = new PendingText();

  *push(chunk: string): Generator<RawRecord> {
    let from = this.pending.text.length;
    this.pending.append(chunk);
    for (;;) {
      const lineEnd = this.pending.text.indexOf('\n', from);
      if (lineEnd < 0) return;
      yield* unlessBlank(this.pending.take(lineEnd + 1));
      from = 0;
    }
  }

  *finish(): Generator<RawRecord> {
    yield* unlessBlank(this.pending.take(this.pending.text.length));
  }
}

function* unlessBlank(record: RawRecord): Generator<RawRecord> {
  if (/\S/.test(record.text)) yield record;
}
