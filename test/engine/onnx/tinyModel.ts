import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { TensorType } from '../../../src/core/onnx/protobuf/model';
import { GraphBuilder } from '../../unit/onnx/graphBuilder';

const WIDTH = 8;
const NEURONS = 32;
const INT64 = TensorType.int64;
const WORDS = 'the cat sat on a mat and dog ran far away with many words here . , one two three'.split(' ');

/** A transformer of one layer that can be run, and what is unusual about it. */
export interface TinyModel {
  readonly vocabulary?: number;
  readonly rows?: number | string;
  readonly length?: number | string;
  /**
   * `scores`: added to the scores of attention; `unheeded`: an input that changes nothing; `late`: one that only what
   * comes after the neurons reads; `none`: no such input.
   */
  readonly mask?: 'scores' | 'unheeded' | 'late' | 'none';
  readonly causal?: boolean;
  /** What is done to the stream before the FFN. */
  readonly mixing?: 'none' | 'convolution' | 'mean' | 'next' | 'maskedMeanOverAll';
  /** A reshape that an exporter traced with one text. */
  readonly tracedRows?: boolean;
  readonly positions?: 'none' | 'counted' | 'counted behind two' | 'sliced';
  readonly positionRows?: number;
  readonly config?: object | null;
  /** Added tokens of the tokenizer by id. */
  readonly added?: Readonly<Record<string, number>>;
}

/** Writes a tiny model with its tokenizer, of one token a word, into a folder. */
export async function layTinyModel(folder: string, model: TinyModel = {}): Promise<void> {
  await mkdir(path.join(folder, 'onnx'), { recursive: true });
  await writeFile(path.join(folder, 'onnx/model.onnx'), graphOf(model));
  const { config = { model_type: model.causal ? 'gpt2' : 'bert', num_hidden_layers: 1 } } = model;
  if (config) await writeFile(path.join(folder, 'config.json'), JSON.stringify(config));
  await writeFile(path.join(folder, 'tokenizer.json'), JSON.stringify(tokenizerOf(model.added ?? {})));
}

function tokenizerOf(added: Readonly<Record<string, number>>): object {
  const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
  return {
    version: '1.0',
    added_tokens: Object.entries(added).map(([content, id]) => ({ id, content, ...flags })),
    normalizer: { type: 'Lowercase' },
    pre_tokenizer: { type: 'Whitespace' },
    post_processor: null,
    decoder: null,
    model: {
      type: 'WordLevel',
      vocab: Object.fromEntries(['[UNK]', ...WORDS].map((word, id) => [word, id])),
      unk_token: '[UNK]',
    },
  };
}

function graphOf(model: TinyModel): Uint8Array {
  const { rows = 'rows', length = 'tokens', mask = 'scores', mixing = 'none' } = model;
  const builder = new GraphBuilder();
  const ids = builder.input('input_ids', [rows, length], INT64);
  const masked = mask === 'none' ? null : builder.input('attention_mask', [rows, length], INT64);
  let stream = builder.add('Gather', [builder.weight(model.vocabulary ?? 24, WIDTH), ids]);
  stream = withPositions(builder, stream, ids, model);
  if (model.tracedRows) {
    stream = builder.add('Reshape', [stream, builder.constant([3], [1, -1, WIDTH], INT64)]);
  }
  stream = builder.add('Add', [stream, attention(builder, stream, mask === 'scores' ? masked : null, model)]);
  stream = mixed(builder, stream, mixing, masked);
  if (mask === 'unheeded' && masked) stream = withNothingOf(builder, stream, masked);
  const normed = builder.norm(stream, WIDTH);
  const act = builder.add('Relu', [builder.linear(normed, WIDTH, NEURONS)]);
  let out = builder.add('Add', [stream, builder.linear(act, NEURONS, WIDTH)]);
  if (mask === 'late' && masked) out = withNothingOf(builder, out, masked);
  return builder.bytes(out);
}

/** Adds the mask, times zero. */
function withNothingOf(builder: GraphBuilder, stream: string, mask: string): string {
  const zero = builder.constant([], [0]);
  const wide = builder.add('Unsqueeze', [
    builder.add('Cast', [mask], { to: 1 }),
    builder.constant([1], [2], INT64),
  ]);
  return builder.add('Add', [stream, builder.add('Mul', [wide, zero])]);
}

function withPositions(
  builder: GraphBuilder,
  stream: string,
  ids: string,
  { positions = 'none', positionRows = 16 }: TinyModel,
): string {
  if (positions === 'none') return stream;
  const one = builder.constant([], [1], INT64);
  const table = builder.weight(positionRows, WIDTH);
  const length = builder.add('Gather', [builder.add('Shape', [ids]), one], { axis: 0 });
  if (positions === 'sliced') {
    const bounds = [builder.constant([1], [0], INT64), builder.add('Unsqueeze', [length, zeroAxis(builder)])];
    return builder.add('Add', [stream, builder.add('Slice', [table, ...bounds, zeroAxis(builder)])]);
  }
  const counted = builder.add('Range', [builder.constant([], [0], INT64), length, one]);
  const first = builder.constant([], [positions === 'counted' ? 0 : 2], INT64);
  return builder.add('Add', [stream, builder.add('Gather', [table, builder.add('Add', [counted, first])])]);
}

function zeroAxis(builder: GraphBuilder): string {
  return builder.constant([1], [0], INT64);
}

function attention(
  builder: GraphBuilder,
  x: string,
  mask: string | null,
  { causal = false }: TinyModel,
): string {
  const [query = '', key = '', value = ''] = [0, 1, 2].map(() =>
    builder.add('MatMul', [x, builder.weight(WIDTH, WIDTH)]),
  );
  let scores = builder.add('MatMul', [query, builder.add('Transpose', [key], { perm: [0, 2, 1] })]);
  if (mask !== null) {
    const row = builder.add('Unsqueeze', [
      builder.add('Cast', [mask], { to: 1 }),
      builder.constant([1], [1], INT64),
    ]);
    const lack = builder.add('Sub', [builder.constant([], [1]), row]);
    scores = builder.add('Add', [scores, builder.add('Mul', [lack, builder.constant([], [-10_000])])]);
  }
  if (causal) {
    const seen = builder.add('Trilu', [
      builder.add('ConstantOfShape', [builder.add('Shape', [scores])]),
      builder.constant([], [1], INT64),
    ]);
    const ones = builder.add('Exp', [builder.add('ConstantOfShape', [builder.add('Shape', [scores])])]);
    const later = builder.add('Trilu', [ones, builder.constant([], [1], INT64)]);
    const barred = builder.add('Add', [seen, later]);
    scores = builder.add('Sub', [scores, builder.add('Mul', [barred, builder.constant([], [10_000])])]);
  }
  const weights = builder.add('Softmax', [scores], { axis: -1 });
  return builder.add('MatMul', [builder.add('MatMul', [weights, value]), builder.weight(WIDTH, WIDTH)]);
}

/** Ways in which a token may come to know its neighbours beside attention. */
function mixed(
  builder: GraphBuilder,
  stream: string,
  mixing: NonNullable<TinyModel['mixing']>,
  mask: string | null,
): string {
  switch (mixing) {
    case 'none':
      return stream;
    case 'convolution': {
      const channels = builder.add('Transpose', [stream], { perm: [0, 2, 1] });
      const kernel = { kernel_shape: [3], pads: [1, 1], group: WIDTH };
      const convolved = builder.add('Conv', [channels, builder.weight(WIDTH, 1, 3)], kernel);
      return builder.add('Add', [stream, builder.add('Transpose', [convolved], { perm: [0, 2, 1] })]);
    }
    case 'mean':
      return builder.add('Add', [stream, builder.add('ReduceMean', [stream], { axes: [1] })]);
    case 'maskedMeanOverAll': {
      // Padding counts as nothing in the sum, and is counted all the same: only the number of pads matters.
      const wide = builder.add('Unsqueeze', [
        builder.add('Cast', [mask ?? ''], { to: 1 }),
        builder.constant([1], [2], INT64),
      ]);
      const kept = builder.add('Mul', [stream, wide]);
      return builder.add('Add', [stream, builder.add('ReduceMean', [kept], { axes: [1] })]);
    }
    case 'next': {
      const size = builder.constant([6], [0, 0, 0, 0, 1, 0], INT64);
      const longer = builder.add('Pad', [stream, size]);
      const bounds = [1, 2 ** 31, 1].map((bound) => builder.constant([1], [bound], INT64));
      return builder.add('Add', [stream, builder.add('Slice', [longer, ...bounds])]);
    }
  }
}
