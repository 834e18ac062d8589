import { LensError } from '../../core/common/errors';
import { toFloat16 } from '../../core/stats/float16';
import { Tensor, type InferenceSession } from './library';

/** An input of a session that is a tensor, as the session describes it. */
export type InputMetadata = Extract<InferenceSession.ValueMetadata, { isTensor: true }>;

type Elements =
  BigInt64Array | Int32Array | Int8Array | Float32Array | Float64Array | Uint16Array | Uint8Array;

const ELEMENTS: Readonly<Partial<Record<Tensor.Type, (numbers: readonly number[]) => Elements>>> = {
  int64: (numbers) => BigInt64Array.from(numbers, BigInt),
  int32: (numbers) => Int32Array.from(numbers),
  float32: (numbers) => Float32Array.from(numbers),
  float64: (numbers) => Float64Array.from(numbers),
  float16: (numbers) => Uint16Array.from(numbers, halfBits),
  bool: (numbers) => Uint8Array.from(numbers),
  int8: (numbers) => Int8Array.from(numbers),
  uint8: (numbers) => Uint8Array.from(numbers),
};

/** A tensor of the element type that an input wants. @throws LensError `unsupported-model` for a type that is not fed */
export function makeTensor(
  { name, type }: Pick<InputMetadata, 'name' | 'type'>,
  numbers: readonly number[],
  dims: readonly number[],
): Tensor {
  const elements = ELEMENTS[type];
  if (elements) return new Tensor(type, elements(numbers), dims);
  throw new LensError(
    'unsupported-model',
    `The model's input ${name} has the element type ${type}, which is not fed yet. Choose another export.`,
  );
}

/** A tensor of zeros. */
export function zeros(input: InputMetadata, dims: readonly number[]): Tensor {
  return makeTensor(input, Array<number>(dims.reduce((product, size) => product * size, 1)).fill(0), dims);
}

/** IEEE 754 binary16 of a number. */
function halfBits(value: number): number {
  return toFloat16(new Uint32Array(Float32Array.of(value).buffer)[0] ?? 0);
}
