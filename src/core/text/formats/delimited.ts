import type { RecordFault } from '../../common/skipReasons';
import { Places } from '../places';
import type { Format, ReadTexts } from './format';
import { recordSlices, splitRecords, TOO_LONG } from './records';
import type { RawRecord } from './records';
import { fieldsOf, fieldText, textOf } from './rowFields';
import type { RawField } from './rowFields';
import { RowSplitter } from './rowSplitter';
import type { RowSyntax } from './rowSplitter';
import { chooseTextField } from './textField';

/** The likeliest first: it is taken when a line has as many of another. */
const DELIMITERS = [',', '\t', ';', '|'];

/** Comma-separated values by RFC 4180 with a line of column names, or with `;`, `|` or tabs where that line has more. */
export const csv: Format = {
  matches: (file) => /\.csv$/i.test(file),
  read: rowsBy((header) => ({ delimiter: delimiterOf(header), quotes: true })),
};

/** A line a record, cut at its tabs, with a line of column names. A quote stands for itself. */
export const tsv: Format = {
  matches: (file) => /\.tsv$/i.test(file),
  read: rowsBy(() => ({ delimiter: '\t', quotes: false })),
};

function rowsBy(syntaxOf: (header: string) => RowSyntax): ReadTexts {
  return async function* (chunks, { textField, onBroken }) {
    const splitter = new RowSplitter(syntaxOf);
    let header: readonly string[] | null = null;
    let column = 0;
    let record = -1;
    for await (const raw of splitRecords(chunks, splitter)) {
      const fields = raw.isTooLong ? null : fieldsOf(raw.text, splitter.syntax);
      if (header === null) {
        header = (fields ?? []).map((field) => textOf(raw.text, field));
        column = header.indexOf(chooseTextField(header, textField));
        continue;
      }
      record += 1;
      const fault = faultOf(raw, fields, header.length);
      if (fault) onBroken(raw.place, ...fault);
      else yield* recordSlices(record, fieldText(raw, fields![column]!));
    }
  };
}

/** What keeps a row from being read: one with too many fields has its text cut at a delimiter, most likely. */
function faultOf(
  raw: RawRecord,
  fields: readonly RawField[] | null,
  columns: number,
): [RecordFault, string] | null {
  if (raw.isTooLong) return ['tooLong', TOO_LONG];
  if (fields === null) {
    const last = new Places(raw.text.trimEnd(), raw.place).end.line;
    const reach = last > raw.place.line ? `, and the record goes on to line ${last}` : '';
    return ['openQuote', `a quote does not end its field${reach}`];
  }
  if (fields.length === columns) return null;
  return [
    'fieldCount',
    `it has ${counted(fields.length, 'field')}, and the file ${counted(columns, 'column')}`,
  ];
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** null where a line has none of them: the file has one column, and what stands in its lines is text. */
function delimiterOf(header: string): string | null {
  const names = header.replace(/"[^"]*"/g, '');
  const counts = DELIMITERS.map((delimiter) => names.split(delimiter).length);
  const most = Math.max(...counts);
  return most === 1 ? null : DELIMITERS[counts.indexOf(most)]!;
}

/** The rows of a text of comma-separated values, each with its line: null where a quote does not end its field. */
export function csvRows(text: string): { readonly line: number; readonly fields: string[] | null }[] {
  const splitter = new RowSplitter((header) => ({ delimiter: delimiterOf(header), quotes: true }));
  return [...splitter.push(text), ...splitter.finish()].map((raw) => ({
    line: raw.place.line,
    fields: fieldsOf(raw.text, splitter.syntax)?.map((field) => textOf(raw.text, field)) ?? null,
  }));
}
