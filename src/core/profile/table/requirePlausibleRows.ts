import type { Table } from 'apache-arrow';

/** A damaged row count must not make a reader go through billions of rows. @throws Error when there are too many. */
export function requirePlausibleRows(table: Table, bytes: Uint8Array): void {
  if (table.numRows > bytes.length) throw new Error('it says that it has more rows than bytes');
}
