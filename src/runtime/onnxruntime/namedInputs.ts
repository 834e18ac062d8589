import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { LensError } from '../../core/common/errors';
import type { TokenBatch } from '../../core/onnx/activationModel';
import { inputTensor } from './elements';

/** A model input as plain numbers. */
export interface NumericArray {
  /** Row-major. */
  readonly values: readonly number[];
  readonly dims: readonly number[];
}

export type NamedArrays = ReadonlyMap<string, NumericArray>;

/**
 * Reads model inputs written as nested arrays by name, `{"input_ids": [[1, 2]]}`. Entries that are no arrays are passed over.
 * @throws LensError `usage` where an array is ragged or holds anything but numbers
 */
export function readNamedArrays(document: unknown): Map<string, NumericArray> {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    throw new LensError('usage', 'The inputs must be one JSON object of nested arrays by input name.');
  }
  const arrays = new Map<string, NumericArray>();
  for (const [name, value] of Object.entries(document)) {
    if (!Array.isArray(value)) continue;
    const dims: number[] = [];
    for (let inner: unknown = value; Array.isArray(inner); inner = inner[0]) dims.push(inner.length);
    const values = (value as unknown[]).flat(dims.length - 1).map(Number);
    const size = dims.reduce((product, dim) => product * dim, 1);
    if (values.length !== size || values.some(Number.isNaN)) {
      throw new LensError(
        'usage',
        `The input ${name} must be nested arrays of numbers, all rows of one length.`,
      );
    }
    arrays.set(name, { values, dims });
  }
  return arrays;
}

/** The ids that a stack reads: a decoder's own where they are given apart. */
export function idsOf(named: NamedArrays, decoder: boolean): NumericArray | undefined {
  return (decoder ? named.get('decoder_input_ids') : undefined) ?? named.get('input_ids');
}

/** 1 where a position of a stack is not padding; null where no mask is given. */
export function maskOf(named: NamedArrays, decoder: boolean): NumericArray | null {
  if (decoder && named.has('decoder_input_ids')) return named.get('decoder_attention_mask') ?? null;
  return named.get('attention_mask') ?? null;
}

/** The batch that named inputs amount to, from which the inputs that were not named are filled. */
export function batchOf(named: NamedArrays, decoder: boolean): TokenBatch {
  const ids = idsOf(named, decoder);
  const rows = (ids ?? [...named.values()][0])?.dims[0] ?? 1;
  const width = ids?.dims[1] ?? 1;
  const mask = maskOf(named, decoder);
  const lengths = Uint32Array.from({ length: rows }, (_, row) =>
    mask ? mask.values.slice(row * width, (row + 1) * width).reduce((sum, bit) => sum + bit, 0) : width,
  );
  return { rows, width, ids: Uint32Array.from(ids?.values ?? [0]), lengths };
}

/** The named inputs that a session takes, as tensors of the types that it wants. */
export function givenTensors(
  session: InferenceSession,
  named: NamedArrays,
  decoder: boolean,
): Map<string, Tensor> {
  const given = new Map<string, Tensor>();
  for (const input of session.inputMetadata) {
    const array = named.get(nameOutside(input.name, named, decoder));
    if (array && input.isTensor) given.set(input.name, inputTensor(input, array.values, array.dims));
  }
  return given;
}

/** A decoder in a file of its own calls `input_ids` what the whole model calls `decoder_input_ids`. */
function nameOutside(name: string, named: NamedArrays, decoder: boolean): string {
  if (!decoder || !named.has('decoder_input_ids')) return name;
  if (name === 'input_ids' || name === 'attention_mask') return `decoder_${name}`;
  return name === 'encoder_attention_mask' ? 'attention_mask' : name;
}
