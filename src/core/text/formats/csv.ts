import type { FilePlace } from '../document';
import { Places } from '../places';
import type { Format, FoundText } from './format';
import { CsvSplitter } from './csvSplitter';
import { recordParts, splitRecords } from './records';
import type { RawRecord, RecordText } from './records';
import { chooseTextField } from './textField';

/** A field as it stands in its record, quotes included. */
interface RawField {
  readonly start: number;
  readonly end: number;
  readonly isQuoted: boolean;
}

/** Comma-separated values by RFC 4180 with a line of column names, or with `;`, `|` or tabs where that line has more. */
export const csv: Format = async function* (chunks, { textField, onBroken }): AsyncGenerator<FoundText> {
  const splitter = new CsvSplitter();
  let column: number | null = null;
  let record = -1;
  for await (const raw of splitRecords(chunks, splitter)) {
    const fields = fieldsOf(raw.text, splitter.delimiter);
    if (column === null) {
      const names = (fields ?? []).map((field) => textOf(raw.text, field));
      column = names.indexOf(chooseTextField(names, textField));
      continue;
    }
    record += 1;
    const field = fields?.[column];
    if (fields === null) onBroken(raw.place, 'a quote does not end its field');
    else if (field === undefined) onBroken(raw.place, `it has only ${fields.length} columns`);
    else yield* recordParts(record, fieldText(raw, field));
  }
};

function fieldText({ text: raw, place }: RawRecord, field: RawField): RecordText {
  const text = textOf(raw, field);
  let places: Places | null = null;
  let offsets: Uint32Array | null = null;
  const locate = (offset: number): FilePlace => {
    places ??= new Places(raw, place);
    offsets ??= offsetsOf(raw, field, text.length);
    return places.at(offsets[offset]!);
  };
  return { text, locate };
}

/** null where something other than a delimiter follows a closing quote, or the quote is never closed. */
function fieldsOf(raw: string, delimiter: string): RawField[] | null {
  const record = raw.replace(/\r?\n$|\r$/, '');
  const fields: RawField[] = [];
  let start = 0;
  for (;;) {
    const isQuoted = record.charAt(start) === '"';
    const end = isQuoted ? endOfQuoted(record, start) : endOfPlain(record, start, delimiter);
    if (end === null || (end < record.length && record.charAt(end) !== delimiter)) return null;
    fields.push({ start, end, isQuoted });
    if (end === record.length) return fields;
    start = end + 1;
  }
}

function endOfPlain(record: string, start: number, delimiter: string): number {
  const end = record.indexOf(delimiter, start);
  return end < 0 ? record.length : end;
}

function endOfQuoted(record: string, start: number): number | null {
  let quote = record.indexOf('"', start + 1);
  while (quote >= 0 && record.charAt(quote + 1) === '"') quote = record.indexOf('"', quote + 2);
  return quote < 0 ? null : quote + 1;
}

function textOf(raw: string, { start, end, isQuoted }: RawField): string {
  return isQuoted ? raw.slice(start + 1, end - 1).replaceAll('""', '"') : raw.slice(start, end);
}

/** For each unit of a field's text, and for its end, where it stands in the record. */
function offsetsOf(raw: string, { start, isQuoted }: RawField, length: number): Uint32Array {
  const offsets = new Uint32Array(length + 1);
  let position = isQuoted ? start + 1 : start;
  for (let unit = 0; unit < length; unit++) {
    offsets[unit] = position;
    position += isQuoted && raw.charAt(position) === '"' ? 2 : 1;
  }
  offsets[length] = position;
  return offsets;
}
