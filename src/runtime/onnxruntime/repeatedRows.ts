import { halfToNumber } from '../../core/onnx/protobuf/tensorNumbers';
import type { TokenBatch } from '../../core/onnx/activationModel';
import type { Tensor } from './library';
import type { NamedArrays } from './namedInputs';

/** A batch that has the same tokens in every row. */
export function repeatRow(ids: Uint32Array, rows: number): TokenBatch {
  const all = new Uint32Array(rows * ids.length);
  for (let row = 0; row < rows; row++) all.set(ids, row * ids.length);
  return { rows, width: ids.length, ids: all, lengths: new Uint32Array(rows).fill(ids.length) };
}

/** Inputs that are the same in every row of a batch. */
export function repeatRows(named: NamedArrays, rows: number): NamedArrays {
  return new Map(
    [...named].map(([name, { values, dims }]) => {
      if (dims.length < 2 || dims[0] !== 1) return [name, { values, dims }];
      const repeated = Array.from({ length: rows }, () => values).flat();
      return [name, { values: repeated, dims: [rows, ...dims.slice(1)] }];
    }),
  );
}

/** What a run gives for one row. */
export interface RowOutput {
  /** [tokens × width], or [width] where the output has no tokens. */
  readonly values: Float32Array;
  readonly width: number;
}

/** The rows of an output, each without the padding behind its tokens. */
export function rowsOfOutput({ data, dims }: Tensor, rows: number, tokens: number): RowOutput[] {
  const values = floatsOf(data);
  const width = dims.at(-1) ?? 0;
  const flat = dims.length === 2 && dims[0] !== undefined && dims[0] > rows && dims[0] % rows === 0;
  const size = flat ? (dims[0]! / rows) * width : dims.slice(1).reduce((product, dim) => product * dim, 1);
  const kept = dims.length > 2 || flat ? Math.min(size, tokens * width) : size;
  return Array.from({ length: Math.floor(values.length / size) }, (_, row) => ({
    values: values.subarray(row * size, row * size + kept),
    width,
  }));
}

/** The elements of an output as numbers: half precision comes as its bits. */
function floatsOf(data: Tensor['data']): Float32Array {
  if (data instanceof Float32Array) return data;
  return data instanceof Uint16Array
    ? Float32Array.from(data, halfToNumber)
    : Float32Array.from(data as ArrayLike<number>);
}
