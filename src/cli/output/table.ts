import { inOneLine } from '../../core/common/foreignText';

/** A column of a terminal table. Numbers stand right, words left; the last column may run on. */
export interface Column<Row> {
  readonly title: string;
  /** What stands in it, for who reads such a table for the first time. */
  readonly meaning?: string | undefined;
  readonly align?: 'left' | 'right';
  readonly text: (row: Row) => string;
}

/** What stands in the columns that say it, a line each. */
export function explainColumns(columns: readonly Pick<Column<never>, 'title' | 'meaning'>[]): string {
  const said = columns.flatMap(({ title, meaning }) => (meaning ? [{ title, meaning }] : []));
  const width = Math.max(0, ...said.map(({ title }) => title.length));
  return said.map(({ title, meaning }) => `${title.padEnd(width)}  ${meaning}`).join('\n');
}

/** Lines of a table with a header, columns two spaces apart, no trailing spaces. */
export function formatTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const cells = [
    columns.map((column) => column.title),
    ...rows.map((row) => columns.map((column) => inOneLine(column.text(row)))),
  ];
  const widths = columns.map((_, index) => Math.max(...cells.map((line) => line[index]?.length ?? 0)));
  return cells
    .map((line) =>
      line
        .map((cell, index) => {
          const width = widths[index] ?? 0;
          return columns[index]?.align === 'right' ? cell.padStart(width) : cell.padEnd(width);
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
