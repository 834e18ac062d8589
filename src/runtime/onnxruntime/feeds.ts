import { Tensor, type InferenceSession } from 'onnxruntime-node';
import { LensError } from '../../core/common/errors';
import type { TokenBatch } from '../../core/pipeline/ports';
import { toFloat16 } from '../../core/stats/float16';
import { configNumber, textConfig, type ModelConfig } from '../models/modelConfig';

export type Feeds = Record<string, Tensor>;
type InputMetadata = Extract<InferenceSession.ValueMetadata, { isTensor: true }>;
type Numbers = (row: number, position: number) => number;

/**
 * The inputs of one forward pass over a batch, by what the session itself asks for.
 * @param given inputs that are known already, by name
 * @throws LensError `unsupported-model` for an input that text cannot fill
 */
export function makeFeeds(
  session: InferenceSession,
  batch: TokenBatch,
  config: ModelConfig,
  given: ReadonlyMap<string, Tensor>,
): Feeds {
  const feeds: Feeds = {};
  for (const input of session.inputMetadata) {
    if (!input.isTensor)
      throw new LensError('unsupported-model', `The model's input ${input.name} is no tensor.`);
    feeds[input.name] = given.get(input.name) ?? makeInput(input, batch, config);
  }
  return feeds;
}

function makeInput(input: InputMetadata, batch: TokenBatch, config: ModelConfig): Tensor {
  const { name } = input;
  const length = (row: number): number => batch.lengths[row] ?? 0;
  const tokens = (value: Numbers): Tensor => tokenTensor(input, batch, value);
  if (/^(decoder_)?input_ids$|^input$|^tokens$|^input\.1$/.test(name)) {
    return tokens((row, at) => batch.ids[row * batch.width + at] ?? 0);
  }
  if (/attention_mask$|^input_mask$|^mask$/.test(name)) return tokens((row, at) => Number(at < length(row)));
  if (name === 'position_ids') return tokens((row, at) => Math.max(0, Math.min(at, length(row) - 1)));
  if (name === 'token_type_ids' || name === 'segment_ids') return tokens(() => 0);
  if (name === 'cache_position') return vector(input, batch.width, (at) => at);
  if (name === 'num_logits_to_keep' || name === 'logits_to_keep') return vector(input, 1, () => 1);
  if (input.type === 'bool') return vector(input, 1, () => 0);
  if (/past|cache/.test(name)) return emptyCache(input, batch, config);
  if (name === 'pixel_values') return blankImages(input, batch, config);
  throw new LensError(
    'unsupported-model',
    `The model wants an input "${name}" that cannot be made from text. Choose a model that reads token ids.`,
  );
}

/** [B, T], or [n, B, T] where every one of n kinds of position is the same for text. */
function tokenTensor(input: InputMetadata, batch: TokenBatch, value: Numbers): Tensor {
  const { rows, width } = batch;
  const [first] = input.shape;
  const copies = input.shape.length === 3 && typeof first === 'number' ? first : 1;
  const numbers = Array.from({ length: copies * rows * width }, (_, index) =>
    value(Math.floor(index / width) % rows, index % width),
  );
  const dims = input.shape.length === 3 ? [copies, rows, width] : [rows, width];
  return makeTensor(input, numbers, input.shape.length === 1 ? [rows * width] : dims);
}

function vector(input: InputMetadata, length: number, value: (at: number) => number): Tensor {
  const numbers = Array.from({ length }, (_, at) => value(at));
  return makeTensor(input, numbers, input.shape.length === 0 ? [] : [length]);
}

/**
 * A cache of no tokens: what the model fixes in numbers stays, the batch is the batch, sequences are empty,
 * and what stays open (onnxruntime-genai leaves even the head size open) comes from the configuration.
 */
function emptyCache(input: InputMetadata, batch: TokenBatch, config: ModelConfig): Tensor {
  const text = textConfig(config);
  const heads = configNumber(text, 'num_attention_heads', 'n_head', 'num_heads') ?? 1;
  const width = configNumber(text, 'hidden_size', 'n_embd', 'd_model') ?? heads;
  const headSize = configNumber(text, 'head_dim', 'd_kv') ?? width / heads;
  const dims = input.shape.map((size, axis) => {
    if (typeof size === 'number') return size;
    if (/batch/.test(size)) return /head/.test(size) ? batch.rows * heads : batch.rows;
    if (axis === 0) return batch.rows;
    if (/past|seq|len|total/.test(size) && !/dim/.test(size)) return 0;
    if (axis === input.shape.length - 1 && input.shape.length === 4) return headSize;
    if (axis === 1) return configNumber(text, 'num_key_value_heads') ?? heads;
    return 0;
  });
  const count = dims.reduce((product, size) => product * size, 1);
  return makeTensor(input, Array<number>(count).fill(0), dims);
}

/** Black images for the image tower of a model that is asked about text. */
function blankImages(input: InputMetadata, batch: TokenBatch, config: ModelConfig): Tensor {
  const vision = config['vision_config'];
  const size = configNumber(
    typeof vision === 'object' && vision !== null ? { ...vision } : config,
    'image_size',
  );
  const dims = input.shape.map((dim, axis) =>
    typeof dim === 'number' ? dim : axis === 0 ? batch.rows : axis === 1 ? 3 : (size ?? 224),
  );
  return makeTensor(input, Array<number>(dims.reduce((a, b) => a * b, 1)).fill(0), dims);
}

type Elements = BigInt64Array | Int32Array | Float32Array | Float64Array | Uint16Array | Uint8Array;

const ELEMENTS: Readonly<Partial<Record<Tensor.Type, (numbers: readonly number[]) => Elements>>> = {
  int64: (numbers) => BigInt64Array.from(numbers, BigInt),
  int32: (numbers) => Int32Array.from(numbers),
  float32: (numbers) => Float32Array.from(numbers),
  float64: (numbers) => Float64Array.from(numbers),
  float16: (numbers) => Uint16Array.from(numbers, halfBits),
  bool: (numbers) => Uint8Array.from(numbers),
};

/** A tensor of the element type that an input wants. */
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

/** IEEE 754 binary16 of a number. */
function halfBits(value: number): number {
  return toFloat16(new Uint32Array(Float32Array.of(value).buffer)[0] ?? 0);
}
