import { BYTES_OF, type ElementArrays, type ElementType } from '../../common/elements';
import { xxh32Within } from '../../common/xxh32';

/** A column whose rows all take the same number of bytes, so that any cell is one small range of the file. */
export interface ColumnLayout {
  readonly element: ElementType;
  /** Shape of one row: [] for a plain number, [256] for 256 numbers, [32, 17] for a matrix. */
  readonly shape: readonly number[];
  /** Of a column of checks: the columns whose cells in the same row it covers (`checksum`). */
  readonly covers?: readonly string[];
  /** Whether tables of format 1 have no such column. */
  readonly isNew?: boolean;
}

export type TableLayout = Readonly<Record<string, ColumnLayout>>;

/** The columns of a table, row-major, but for checks. */
export type TableColumns<L extends TableLayout> = {
  readonly [
    Name in keyof L as L[Name] extends { readonly covers: readonly string[] } ? never : Name
  ]: ElementArrays[L[Name]['element']];
};

/** Numbers in one row of a column. */
export function elementsOf(column: ColumnLayout): number {
  return column.shape.reduce((product, extent) => product * extent, 1);
}

/** Bytes of one row of a column. */
export function rowBytesOf(column: ColumnLayout): number {
  return BYTES_OF[column.element] * elementsOf(column);
}

/** A column of checks, which are made when a table is written and compared when all columns that they cover are read. */
export function checksum<Names extends readonly string[]>(
  ...covers: Names
): {
  readonly element: 'uint32';
  readonly shape: readonly number[];
  readonly covers: Names;
  readonly isNew: true;
} {
  return { element: 'uint32', shape: [], covers, isNew: true };
}

/** Shorthand for a layout: `column('uint32', 256)`. */
export function column<E extends ElementType>(
  element: E,
  ...shape: number[]
): { readonly element: E; readonly shape: readonly number[] } {
  return { element, shape };
}

/** The checks of a layout that cover nothing but some columns. */
export function checksWithin(
  layout: TableLayout,
  names: readonly string[],
): (readonly [string, readonly string[]])[] {
  return Object.entries(layout).flatMap(([name, { covers }]) =>
    covers?.every((covered) => names.includes(covered)) ? [[name, covers] as const] : [],
  );
}

/** XXH32 of each row's cells in some columns, each with the one before as its seed. */
export function checksOf(
  layout: TableLayout,
  columns: Readonly<Record<string, ArrayBufferView>>,
  covers: readonly string[],
  rows: number,
): Uint32Array {
  const parts = covers.map((name) => {
    const { buffer, byteOffset } = columns[name]!;
    const rowBytes = rowBytesOf(layout[name]!);
    return { rowBytes, checkOf: xxh32Within(new Uint8Array(buffer, byteOffset, rows * rowBytes)) };
  });
  return Uint32Array.from({ length: rows }, (_, row) =>
    parts.reduce((check, { rowBytes, checkOf }) => checkOf(row * rowBytes, (row + 1) * rowBytes, check), 0),
  );
}
