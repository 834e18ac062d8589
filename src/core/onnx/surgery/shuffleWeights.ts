import { shuffle, type Random } from '../../common/random';
import { TensorField } from '../protobuf/fields';
import { TensorType, type OnnxTensor } from '../protobuf/model';
import { readTensor } from '../protobuf/readElements';
import { WireReader } from '../protobuf/wireReader';
import { WireWriter } from '../protobuf/wireWriter';

/** How the elements of weights can be moved, by their type: as numbers of so many bytes. */
const ELEMENTS = {
  [TensorType.float]: Uint32Array,
  [TensorType.float16]: Uint16Array,
  [TensorType.bfloat16]: Uint16Array,
  [TensorType.int8]: Uint8Array,
  [TensorType.uint8]: Uint8Array,
} as const;

type WeightType = keyof typeof ELEMENTS;

/** Weights of more dimensions, such as [1, 1, T, T], are masks. */
const MOST_DIMENSIONS = 3;

/** Whether a constant is a matrix of weights, and not a bias, a scale, a number of tokens or a mask. */
export function isWeightMatrix({ dims, type }: OnnxTensor): boolean {
  const wide = dims.filter((dim) => dim > 1);
  return type in ELEMENTS && dims.length <= MOST_DIMENSIONS && wide.length >= 2;
}

/** The elements that a constant holds itself; null where they lie in another file or are written as single numbers. */
export function ownElements({ bytes, external, type }: OnnxTensor): Uint8Array | null {
  if (external) return null;
  let raw: Uint8Array | null = null;
  const floats: number[] = [];
  const reader = new WireReader(bytes);
  while (reader.next()) {
    if (reader.field === TensorField.raw) raw = reader.view();
    else if (reader.field === TensorField.floats) reader.floats(floats);
  }
  if (raw) return raw;
  return floats.length > 0 && type === TensorType.float
    ? new Uint8Array(Float32Array.from(floats).buffer)
    : null;
}

/**
 * A matrix with the same elements in a random order: what of a model is left where its weights say nothing.
 * @param elements its elements, which stay as they are.
 */
export function shuffledMatrix(tensor: OnnxTensor, elements: Uint8Array, random: Random): OnnxTensor {
  const moved = shuffle(new ELEMENTS[tensor.type as WeightType](new Uint8Array(elements).buffer), random);
  const writer = new WireWriter();
  for (const dim of tensor.dims) writer.integer(TensorField.dims, dim);
  writer.integer(TensorField.type, tensor.type).text(TensorField.name, tensor.name);
  writer.bytes(TensorField.raw, new Uint8Array(moved.buffer));
  return readTensor(writer.finish());
}
