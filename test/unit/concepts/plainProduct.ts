/** [rows × inner] · [inner × columns], summed in float64. */
export function plainProduct(left: Float32Array, right: Float32Array, inner: number): Promise<Float32Array> {
  const rows = left.length / inner;
  const columns = right.length / inner;
  const product = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < inner; i++) {
      const factor = left[row * inner + i]!;
      if (factor === 0) continue;
      for (let column = 0; column < columns; column++) {
        product[row * columns + column]! += factor * right[i * columns + column]!;
      }
    }
  }
  return Promise.resolve(Float32Array.from(product));
}

/** The same of bytes. */
export function plainByteProduct(left: Uint8Array, right: Int8Array, inner: number): Promise<Int32Array> {
  const floats = plainProduct(Float32Array.from(left), Float32Array.from(right), inner);
  return floats.then((product) => Int32Array.from(product));
}
