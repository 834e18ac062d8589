import { LensError } from '../../common/errors';
import type { Format, FormatOptions, FoundText } from './format';
import { jsonRecords } from './jsonRecords';
import { skipSpace } from './jsonText';
import { PendingText, splitRecords } from './records';
import type { RawRecord, RecordSplitter } from './records';

/** Elements without a text that may stand before the first with one. */
const MOST_WITHOUT = 1000;

/**
 * A JSON array of records (.json), read element by element. All other JSON is read as it stands, like source code, and
 * so are arrays of neither objects nor texts, and those in which no text is found.
 */
export const jsonArray: Format = {
  matches: async (file, open, textField) => /\.json$/i.test(file) && (await holdsTexts(open(), textField)),
  read: jsonElements,
};

function jsonElements(chunks: AsyncIterable<string>, options: FormatOptions): AsyncGenerator<FoundText> {
  return jsonRecords(splitRecords(chunks, new ElementSplitter()), options);
}

async function holdsTexts(chunks: AsyncIterable<string>, textField: string | null): Promise<boolean> {
  let without = 0;
  const onBroken = (): void => {
    without += 1;
    if (without > MOST_WITHOUT) throw new LensError('unsupported-text', 'its elements have no text');
  };
  const texts = jsonElements(startingAsRecords(chunks), { textField, onBroken });
  try {
    return (await texts.next()).done === false;
  } catch (thrown) {
    if (thrown instanceof LensError) return false;
    throw thrown;
  } finally {
    await texts.return(undefined);
  }
}

/** Nothing at all unless it starts as an array of objects or strings, so that other JSON is not searched to its end. */
async function* startingAsRecords(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let start = '';
  let isArray = false;
  for await (const chunk of chunks) {
    if (isArray) {
      yield chunk;
      continue;
    }
    start = (start + chunk).replace(/^\s*(\[?)\s*/, '$1');
    isArray = /^\[["{]/.test(start);
    if (isArray) yield start;
    else if (start !== '' && start !== '[') return;
  }
}

/** Cuts at the commas of the outermost array. */
export class ElementSplitter implements RecordSplitter {
  private readonly pending: PendingText;
  private scanned = 0;
  private depth = 0;
  private isInString = false;
  private isEscaped = false;
  private isPastEnd = false;

  /** @param longest element in UTF-16 code units; the formats' own limit unless given. */
  constructor(longest?: number) {
    this.pending = new PendingText(longest);
  }

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
    this.dropSpace();
    if (this.pending.letGoIfTooLong(this.scanned)) this.scanned = 0;
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
    this.dropSpace();
    const record = this.pending.take(Math.max(this.scanned - 1, 0));
    this.pending.take(1);
    this.scanned = 0;
    if (record.text !== '' || record.isTooLong) yield record;
  }

  /** So that an element's place is that of its first character. */
  private dropSpace(): void {
    const space = this.pending.isTooLong ? 0 : Math.min(skipSpace(this.pending.text, 0), this.scanned);
    if (space > 0) this.pending.take(space);
    this.scanned -= space;
  }
}
