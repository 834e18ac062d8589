import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { LensError } from '../../core/common/errors';
import type { TokenBatch } from '../../core/onnx/activationModel';
import { isTokenIds, plainInputName } from '../../core/onnx/graph/inputsOf';
import { firstPosition, type ModelConfig } from '../models/modelConfig';
import { inputTensor, zeroTensor, type InputMetadata } from './elements';
import { blankInput, emptyCache, noFeatures } from './emptyInputs';

/** The input that says at how many of the last tokens logits are given; 0 stands for all. */
export const LOGITS_KEPT = /^(num_)?logits_to_keep$/;

export type Feeds = Record<string, Tensor>;
type Numbers = (row: number, position: number) => number;

/**
 * The inputs of one forward pass over a batch, by what the session itself asks for.
 * @param given inputs that are known already, by name
 * @param past tokens before those of the batch, whose caches are among what is given
 * @throws LensError `unsupported-model` for an input that text cannot fill
 */
export function makeFeeds(
  session: InferenceSession,
  batch: TokenBatch,
  config: ModelConfig,
  given: ReadonlyMap<string, Tensor>,
  past = 0,
): Feeds {
  const feeds: Feeds = {};
  const inputs = session.inputMetadata.map((input) => {
    if (input.isTensor) return input;
    throw new LensError('unsupported-model', `The model's input ${input.name} is no tensor.`);
  });
  const ids = onlyIds(inputs);
  for (const input of inputs) {
    feeds[input.name] = given.get(input.name) ?? makeInput(input, batch, config, input === ids, past);
  }
  return feeds;
}

/** Where no input has the name of token ids: the one that has their shape and type. */
function onlyIds(inputs: readonly InputMetadata[]): InputMetadata | null {
  if (inputs.some(({ name }) => isTokenIds(name))) return null;
  const alike = inputs.filter(
    ({ name, type, shape }) =>
      /^int(32|64)$/.test(type) && shape.length === 2 && !/mask|type|pos|seg|past|len/.test(name),
  );
  return alike.length === 1 ? alike[0]! : null;
}

function makeInput(
  input: InputMetadata,
  batch: TokenBatch,
  config: ModelConfig,
  isIds: boolean,
  past: number,
): Tensor {
  const name = plainInputName(input.name);
  const length = (row: number): number => batch.lengths[row] ?? 0;
  const tokens = (value: Numbers): Tensor => tokenTensor(input, batch, value);
  if (isIds || isTokenIds(name)) return tokens((row, at) => batch.ids[row * batch.width + at] ?? 0);
  if (name === 'global_attention_mask') return tokens(() => 0);
  if (/attention_mask$|^input_mask$|^mask$/.test(name)) {
    requireFlatMask(input);
    const all = { rows: batch.rows, width: past + batch.width };
    return tokenTensor(input, all, (row, at) => Number(at < past + length(row)));
  }
  if (/^(decoder_)?position_ids$/.test(name)) {
    const first = firstPosition(config) + past;
    return tokens((row, at) => first + Math.max(0, Math.min(at, length(row) - 1)));
  }
  if (/^(token_type|segment|input_type)_ids$|^langs$/.test(name)) return tokens(() => 0);
  if (name === 'cache_position') return vector(input, batch.width, (at) => past + at);
  if (LOGITS_KEPT.test(name)) return vector(input, 1, () => 1);
  if (/^(seqlens_k|past_seq_len)$/.test(name))
    return vector(input, batch.rows, (row) => past + length(row) - 1);
  if (/^total_seq(uence)?_len(gth)?$/.test(name)) return vector(input, 1, () => past + batch.width);
  if (name === 'lengths') return vector(input, batch.rows, length);
  if (name === 'task_id') return vector(input, 1, () => 0);
  if (input.type === 'bool') return vector(input, 1, () => 0);
  if (/past|cache/.test(name)) return emptyCache(input, batch, config);
  if (name === 'bbox') return zeroTensor(input, [batch.rows, batch.width, 4]);
  if (/^(pixel_values|input_features|input_values)$/.test(name)) return blankInput(input, batch, config);
  if (/^(image|audio)_features$/.test(name)) return noFeatures(input);
  throw new LensError(
    'unsupported-model',
    `The model wants an input "${input.name}" that cannot be made from text. Choose a model that reads token ids.`,
  );
}

function requireFlatMask({ name, shape }: InputMetadata): void {
  if (shape.length <= 2) return;
  throw new LensError(
    'unsupported-model',
    `The model wants a mask "${name}" of ${shape.length} dimensions, which is not made yet. Export it with a mask of one ` +
      'bit a token.',
  );
}

/** [B, T], or [n, B, T] where every one of n kinds of position is the same for text. */
function tokenTensor(
  input: InputMetadata,
  { rows, width }: Pick<TokenBatch, 'rows' | 'width'>,
  value: Numbers,
): Tensor {
  const [first] = input.shape;
  const copies = input.shape.length === 3 && typeof first === 'number' ? first : 1;
  const numbers = Array.from({ length: copies * rows * width }, (_, index) =>
    value(Math.floor(index / width) % rows, index % width),
  );
  const dims = input.shape.length === 3 ? [copies, rows, width] : [rows, width];
  return inputTensor(input, numbers, input.shape.length === 1 ? [rows * width] : dims);
}

/** One number, or one for each row or position: [n], [n, 1], or no dimension at all. */
function vector(input: InputMetadata, length: number, value: (at: number) => number): Tensor {
  const numbers = Array.from({ length }, (_, at) => value(at));
  const dims = [[], [length], [length, 1]][input.shape.length] ?? [length];
  return inputTensor(input, numbers, dims);
}
