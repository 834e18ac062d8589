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
export function inputTensor(
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

/** More elements than an image, a spectrogram or an empty cache has. */
const MOST_ZEROS = 2 ** 26;

/** A tensor of zeroTensor. @throws LensError `unsupported-model` where the sizes make no tensor */
export function zeroTensor(input: InputMetadata, dims: readonly number[]): Tensor {
  const count = dims.reduce((product, size) => product * size, 1);
  if (Number.isInteger(count) && count >= 0 && count <= MOST_ZEROS) {
    return inputTensor(input, Array<number>(count).fill(0), dims);
  }
  throw new LensError(
    'unsupported-model',
    `The model's input ${input.name} would be of ${dims.join(' × ')} elements, by its file and its config.json. ` +
      'Fetch the configuration again.',
  );
}

/** IEEE 754 binary16 of a number. */
function halfBits(value: number): number {
  return toFloat16(new Uint32Array(Float32Array.of(value).buffer)[0] ?? 0);
}
