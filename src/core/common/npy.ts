/**
 * A float32 array as a NumPy .npy file, format version 1.0, C order (numpy.lib.format).
 * @param shape sizes whose product is `values.length`
 */
export function encodeNpy(values: Float32Array, shape: readonly number[]): Uint8Array {
  const sizes = shape.length === 1 ? `${shape.join()},` : shape.join(', ');
  const description = `{'descr': '<f4', 'fortran_order': False, 'shape': (${sizes}), }`;
  const padding = 64 - ((10 + description.length + 1) % 64);
  const header = new TextEncoder().encode(`${description}${' '.repeat(padding % 64)}\n`);
  const file = new Uint8Array(10 + header.length + values.byteLength);
  file.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 0xff, header.length >> 8]);
  file.set(header, 10);
  const view = new DataView(file.buffer, 10 + header.length);
  values.forEach((value, index) => view.setFloat32(4 * index, value, true));
  return file;
}
