/** Element types of columns, in memory and in a profile. float16 values are kept as their bits. */
export interface ElementArrays {
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

const ARRAY_OF: {
  readonly [E in ElementType]: new (
    buffer: ArrayBuffer | SharedArrayBuffer,
    byteOffset?: number,
    length?: number,
  ) => ElementArrays[E];
} = {
  float64: Float64Array,
  float32: Float32Array,
  float16: Uint16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint8: Uint8Array,
};

/** Little-endian bytes of a buffer as the numbers of a column; nothing is copied. */
export function elementsFrom<E extends ElementType>(
  element: E,
  buffer: ArrayBuffer | SharedArrayBuffer,
  byteOffset?: number,
  length?: number,
): ElementArrays[E] {
  return new ARRAY_OF[element](buffer, byteOffset, length);
}

/** So many zeros. */
export function zeros<E extends ElementType>(element: E, length: number): ElementArrays[E] {
  return elementsFrom(element, new ArrayBuffer(length * BYTES_OF[element]));
}
