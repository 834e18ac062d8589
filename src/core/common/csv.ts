import { forCsvCell } from './foreignText';

/** Rows as a CSV file (RFC 4180), the names of the columns first. Numbers are plain and with full precision. */
export function csvOf(rows: readonly (readonly (string | number | boolean)[])[]): string {
  return rows.map((row) => `${row.map(forCsvCell).join(',')}\r\n`).join('');
}
