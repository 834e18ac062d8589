import { LensError } from '../../common/errors';
import { parseJson } from '../../common/parseJson';
import { csvRows } from '../../text/formats/delimited';
import type { FileLabel, OwnConcept } from './ownConcept';

/** A row of a table of labels, by column. */
type LabelRow = Readonly<Record<string, unknown>>;

/** Extensions of tables of labels. */
const TABLE = /\.(csv|jsonl|ndjson)$/i;

/**
 * Concepts from a table of labels, one for each value of its column `label`, or one by the file's name. A row labels a
 * span (`file`, `start`, `end`, and `text` to hold it against), lines (`file`, `line`, up to `endLine`) or a document
 * (`file`), of a structured file with its `record`.
 * @param name of the table's file.
 * @throws LensError `usage` with the line of a row that cannot be read
 */
export function labelTable(name: string, text: string): OwnConcept[] {
  const extension = TABLE.exec(name)?.[1]?.toLowerCase();
  if (extension === undefined) {
    throw new LensError(
      'usage',
      `${name} is no table of labels. Wanted is a .csv or .jsonl file, or COLUMN=VALUE.`,
    );
  }
  const rows = extension === 'csv' ? rowsOfCsv(name, text) : rowsOfJson(name, text);
  const byLabel = new Map<string, Map<string, FileLabel[]>>();
  for (const { line, row } of rows) {
    const read = new RowReader(name, line, row);
    const concept = read.text('label') ?? stemOf(name);
    const file = read.text('file')?.replaceAll('\\', '/').replace(/^\.\//, '');
    if (file === undefined) throw read.fault('it has no "file"');
    const files = byLabel.get(concept) ?? new Map<string, FileLabel[]>();
    byLabel.set(concept, files);
    const labels = files.get(file) ?? [];
    files.set(file, labels);
    labels.push({
      record: read.number('record') ?? null,
      part: partOf(read),
      text: read.exact('text'),
      line,
    });
  }
  if (byLabel.size === 0) throw new LensError('usage', `${name} has no labels.`);
  return [...byLabel].map(([concept, labels]) => ({
    kind: 'labels',
    name: concept,
    source: 'labels',
    pattern: name,
    labels,
  }));
}

function partOf(row: RowReader): FileLabel['part'] {
  const [start, end] = [row.number('start'), row.number('end')];
  const [line, endLine] = [row.number('line'), row.number('endLine')];
  if (start !== undefined || end !== undefined) {
    if (start === undefined || end === undefined) throw row.fault('a span needs both "start" and "end"');
    if (end <= start) throw row.fault('the span ends before it begins');
    return { kind: 'span', span: { start, end } };
  }
  if (line === undefined) return { kind: 'document' };
  if (line < 1 || (endLine ?? line) < line)
    throw row.fault('lines count from 1, and the last is not before the first');
  return { kind: 'lines', first: line, last: endLine ?? line };
}

/** Reads the fields of a row. Empty ones are not there. */
class RowReader {
  constructor(
    private readonly name: string,
    private readonly line: number,
    private readonly row: LabelRow,
  ) {}

  fault(reason: string): LensError {
    return new LensError('usage', `${this.name}, line ${this.line}: ${reason}.`);
  }

  exact(column: string): string | undefined {
    const value = this.row[column];
    if (value === undefined || value === null || value === '') return undefined;
    if (typeof value !== 'string') throw this.fault(`"${column}" is no text`);
    return value;
  }

  text(column: string): string | undefined {
    return this.exact(column)?.trim() || undefined;
  }

  number(column: string): number | undefined {
    const value = this.row[column];
    if (value === undefined || value === null || value === '') return undefined;
    const number = typeof value === 'string' && /^\s*\d+\s*$/.test(value) ? Number(value) : value;
    if (typeof number === 'number' && Number.isSafeInteger(number) && number >= 0) return number;
    throw this.fault(`"${column}" is no whole number`);
  }
}

function rowsOfCsv(name: string, text: string): { line: number; row: LabelRow }[] {
  const [header, ...rows] = csvRows(text);
  if (!header?.fields) throw new LensError('usage', `${name} has no line of column names.`);
  const columns = header.fields.map((column) => column.trim());
  if (!columns.includes('file')) {
    throw new LensError('usage', `${name}, line ${header.line}: no column is called "file".`);
  }
  return rows.map(({ line, fields }) => {
    if (fields === null)
      throw new LensError('usage', `${name}, line ${line}: a quote does not end its field.`);
    if (fields.length !== columns.length) {
      throw new LensError(
        'usage',
        `${name}, line ${line}: it has ${fields.length} fields, and the file ${columns.length} columns.`,
      );
    }
    return { line, row: Object.fromEntries(fields.map((field, i) => [columns[i]!, field])) };
  });
}

function rowsOfJson(name: string, text: string): { line: number; row: LabelRow }[] {
  return text.split('\n').flatMap((json, i) => {
    if (json.trim() === '') return [];
    const line = i + 1;
    let row: unknown;
    try {
      row = parseJson(json);
    } catch (error) {
      throw new LensError('usage', `${name}, line ${line}: it is no JSON.`, { cause: error });
    }
    if (typeof row !== 'object' || row === null || Array.isArray(row)) {
      throw new LensError('usage', `${name}, line ${line}: it is no JSON object.`);
    }
    return [{ line, row: row as LabelRow }];
  });
}

function stemOf(name: string): string {
  return name.replace(/^.*[/\\]/, '').replace(TABLE, '');
}
