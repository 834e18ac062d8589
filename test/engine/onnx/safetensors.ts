import { readFileSync } from 'node:fs';

export interface FloatArray {
  readonly values: Float32Array;
  readonly dims: readonly number[];
}

/** The float32 tensors of a safetensors file by name. */
export function readSafetensors(file: string): Map<string, FloatArray> {
  const bytes = readFileSync(file);
  const headerLength = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + headerLength)) as Record<
    string,
    { dtype: string; shape: number[]; data_offsets: [number, number] }
  >;
  const tensors = new Map<string, FloatArray>();
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__' || entry.dtype !== 'F32') continue;
    const [start, end] = entry.data_offsets.map((offset) => offset + 8 + headerLength);
    tensors.set(name, { values: new Float32Array(bytes.buffer.slice(start, end)), dims: entry.shape });
  }
  return tensors;
}
