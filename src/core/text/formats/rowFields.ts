import type { FilePlace } from '../document';
import { Places } from '../places';
import type { RawRecord, RecordText } from './records';
import type { RowSyntax } from './rowSplitter';

/** A field as it stands in its row, quotes included. */
export interface RawField {
  readonly start: number;
  readonly end: number;
  readonly isQuoted: boolean;
}

/** null where something other than a delimiter follows a closing quote, or a quote is never closed. */
export function fieldsOf(raw: string, { delimiter, quotes }: RowSyntax): RawField[] | null {
  const row = raw.replace(/\r?\n$|\r$/, '');
  const fields: RawField[] = [];
  let start = 0;
  for (;;) {
    const isQuoted = quotes && row.charAt(start) === '"';
    const end = isQuoted ? endOfQuoted(row, start) : endOfPlain(row, start, delimiter);
    if (end === null || (end < row.length && row.charAt(end) !== delimiter)) return null;
    if (quotes && !isQuoted && isLeftOpen(row.slice(start, end))) return null;
    fields.push({ start, end, isQuoted });
    if (end === row.length) return fields;
    start = end + 1;
  }
}

/** A field's text, its quotes undone. */
export function textOf(raw: string, { start, end, isQuoted }: RawField): string {
  return isQuoted ? raw.slice(start + 1, end - 1).replaceAll('""', '"') : raw.slice(start, end);
}

/** A field's text with its way back into the file. */
export function fieldText({ text: raw, place }: RawRecord, field: RawField): RecordText {
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

/** Whether a quote stands behind blanks at a plain field's beginning and no other ends it: a text was cut there. */
function isLeftOpen(field: string): boolean {
  return /^ +"/.test(field) && field.split('"').length % 2 === 0;
}

function endOfPlain(row: string, start: number, delimiter: string | null): number {
  const end = delimiter === null ? -1 : row.indexOf(delimiter, start);
  return end < 0 ? row.length : end;
}

function endOfQuoted(row: string, start: number): number | null {
  let quote = row.indexOf('"', start + 1);
  while (quote >= 0 && row.charAt(quote + 1) === '"') quote = row.indexOf('"', quote + 2);
  return quote < 0 ? null : quote + 1;
}

/** For each unit of a field's text, and for its end, where it stands in the row. */
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
