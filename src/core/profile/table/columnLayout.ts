/** Element types of the fixed-width columns of a profile. float16 values are kept as their bits. */
interface ElementArrays {
  float64: Float64Array;
  float32: Float32Array;
  float16: Uint16Array;
  uint32: Uint32Array;
  int32: Int32Array;
  uint16: Uint16Array;
  int16: Int16Array;
  uint8: Uint8Array;
}

export type ElementType = keyof ElementArrays;

/** A column whose rows all take the same number of bytes, so that any cell is one small range of the file. */
export interface ColumnLayout {
  readonly element: ElementType;
  /** Shape of one row: [] for a plain number, [256] for 256 numbers, [32, 17] for a matrix. */
  readonly shape: readonly number[];
}

export type TableLayout = Readonly<Record<string, ColumnLayout>>;

/** The columns of a table, row-major. */
export type TableColumns<L extends TableLayout> = {
  readonly [Name in keyof L]: ElementArrays[L[Name]['element']];
};

export const BYTES_OF: Readonly<Record<ElementType, number>> = {
  float64: 8,
  float32: 4,
  float16: 2,
  uint32: 4,
  int32: 4,
  uint16: 2,
  int16: 2,
  uint8: 1,
};

const ARRAY_OF: { readonly [E in ElementType]: new (buffer: ArrayBuffer) => ElementArrays[E] } = {
  float64: Float64Array,
  float32: Float32Array,
  float16: Uint16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint8: Uint8Array,
};

/** Numbers in one row of a column. */
export function elementsOf(column: ColumnLayout): number {
  return column.shape.reduce((product, extent) => product * extent, 1);
}

/** Bytes of one row of a column. */
export function rowBytesOf(column: ColumnLayout): number {
  return BYTES_OF[column.element] * elementsOf(column);
}

/** Little-endian bytes as the numbers of a column; the buffer is taken over, not copied. */
export function elementsFrom<E extends ElementType>(element: E, buffer: ArrayBuffer): ElementArrays[E] {
  return new ARRAY_OF[element](buffer);
}

/** Shorthand for a layout: `column('uint32', 256)`. */
export function column<E extends ElementType>(
  element: E,
  ...shape: number[]
): { readonly element: E; readonly shape: readonly number[] } {
  return { element, shape };
}
