import { describe, expect, it } from 'vitest';
import { GraphIndex } from '../../../src/core/onnx/graph/graphIndex';
import { findHead, type Head } from '../../../src/core/onnx/head/findHead';
import { readModel } from '../../../src/core/onnx/protobuf/readModel';
import { cutSegment, streamTerms } from '../../../src/core/onnx/surgery/segment';
import { GraphBuilder } from './graphBuilder';

const WIDTH = 8;
const VOCABULARY = 40;

/** A stream that something was added to. */
function streamOf(builder: GraphBuilder): string {
  const ids = builder.input('input_ids', ['rows', 'tokens'], 7);
  const embedding = builder.add('Gather', [builder.weight(VOCABULARY, WIDTH), ids]);
  const neurons = builder.add('Relu', [builder.linear(builder.norm(embedding, WIDTH), WIDTH, 4 * WIDTH)]);
  return builder.add('Add', [embedding, builder.linear(neurons, 4 * WIDTH, WIDTH)]);
}

function search(
  build: (builder: GraphBuilder, stream: string) => string,
  vocabulary: number | null = VOCABULARY,
) {
  const builder = new GraphBuilder();
  const stream = streamOf(builder);
  const logits = build(builder, stream);
  const index = new GraphIndex(builder.model(logits));
  return { index, stream, found: findHead(index, logits, vocabulary) };
}

/** The head, which must be cut off at the stream and need nothing else. */
function headIn(build: (builder: GraphBuilder, stream: string) => string): { head: Head; stream: string } {
  const { index, stream, found } = search(build);
  if ('reason' in found) throw new Error(found.reason);
  const { bytes, input } = cutSegment(index, found.head.stream, [found.head.logits]);
  const { graph } = readModel(bytes, 'head.onnx');
  expect(graph.inputs.map(({ name }) => name)).toEqual([input]);
  return { head: found.head, stream };
}

function reasonIn(
  build: (builder: GraphBuilder, stream: string) => string,
  vocabulary?: number | null,
): string {
  const { found } = search(build, vocabulary);
  return 'reason' in found ? found.reason : '';
}

const unembed = (builder: GraphBuilder, x: string): string =>
  builder.add('MatMul', [x, builder.weight(WIDTH, VOCABULARY)]);

/** x / √(mean x² + ε) · gain, as exporters write it out. */
function writtenOut(builder: GraphBuilder, x: string): string {
  const square = builder.add('Pow', [x, builder.constant([], [2])]);
  const mean = builder.add('ReduceMean', [square], { axes: [-1] });
  const root = builder.add('Sqrt', [builder.add('Add', [mean, builder.constant([], [1e-6])])]);
  const scaled = builder.add('Mul', [x, builder.add('Div', [builder.constant([], [1]), root])]);
  return builder.add('Mul', [builder.weight(WIDTH), scaled]);
}

describe('the head is found by what the graph computes', () => {
  it.each<[string, (builder: GraphBuilder, stream: string) => string]>([
    ['a norm and a projection', (b, x) => unembed(b, b.norm(x, WIDTH))],
    ['a norm that is written out', (b, x) => unembed(b, writtenOut(b, x))],
    ['no norm at all', (b, x) => unembed(b, x)],
    [
      'a matrix [out, in] and a bias',
      (b, x) =>
        b.add('Gemm', [b.norm(x, WIDTH), b.weight(VOCABULARY, WIDTH), b.weight(VOCABULARY)], { transB: 1 }),
    ],
    [
      'the embedding again, turned while it runs',
      (b, x) =>
        b.add('MatMul', [
          b.norm(x, WIDTH),
          b.add('Transpose', [b.weight(VOCABULARY, WIDTH)], { perm: [1, 0] }),
        ]),
    ],
    [
      'a scale before and a soft cap behind it',
      (b, x) => {
        const scaled = b.add('Mul', [b.norm(x, WIDTH), b.constant([], [0.25])]);
        const capped = b.add('Tanh', [b.add('Div', [unembed(b, scaled), b.constant([], [30])])]);
        return b.add('Mul', [capped, b.constant([], [30])]);
      },
    ],
    [
      'integers',
      (b, x) => {
        b.raw('DynamicQuantizeLinear', [b.norm(x, WIDTH)], ['q', 'q_scale', 'q_zero']);
        const product = b.add('MatMulInteger', ['q', b.weight(WIDTH, VOCABULARY), 'q_zero']);
        const scale = b.add('Mul', ['q_scale', b.constant([], [0.01])]);
        return b.add('Mul', [b.add('Cast', [product], { to: 1 }), scale]);
      },
    ],
    [
      'the last token alone',
      (b, x) => unembed(b, b.add('Gather', [b.norm(x, WIDTH), b.constant([1], [-1], 7)], { axis: 1 })),
    ],
    [
      'a transform with an activation function and a norm of its own',
      (b, x) => unembed(b, b.norm(b.add('Gelu', [b.linear(b.norm(x, WIDTH), WIDTH, WIDTH)]), WIDTH)),
    ],
  ])('%s', (_, build) => {
    const { head, stream } = headIn(build);
    expect(head.unembedding.outFeatures).toBe(VOCABULARY);
    expect(streamTerms(head.stream)).toEqual([stream]);
  });

  it('a norm that is fused with the last addition, and the bias between', () => {
    const { head } = headIn((b, x) => {
      const written = b.linear(b.norm(x, WIDTH), WIDTH, WIDTH);
      const inputs = [x, written, b.weight(WIDTH), b.weight(WIDTH), b.weight(WIDTH)];
      return unembed(b, b.add('SkipLayerNormalization', inputs, {}, 'com.microsoft'));
    });
    expect(head.stream.kind).toBe('fused');
    expect(streamTerms(head.stream)).toHaveLength(3);
  });
});

describe('what is no head is refused', () => {
  it('classes, hidden states, pooled vectors and products of two texts', () => {
    const classes = (b: GraphBuilder, x: string): string =>
      b.linear(b.add('Gather', [b.norm(x, WIDTH), b.constant([], [0], 7)], { axis: 1 }), WIDTH, 3);
    expect(reasonIn(classes)).toMatch(/holds 3 values, and the model knows 40 tokens/);
    expect(reasonIn((b, x) => b.norm(x, WIDTH))).toMatch(/hidden states/);
    expect(reasonIn((b, x) => unembed(b, b.add('MatMul', [b.norm(x, WIDTH), x])))).toMatch(/a MatMul stands/);
    expect(reasonIn((b, x) => unembed(b, b.add('Softmax', [x])))).toMatch(/a Softmax stands/);
    expect(reasonIn((b) => unembed(b, b.norm('input_ids', WIDTH)))).toMatch(/without a residual stream/);
  });

  it('a head with a low-rank branch, and a model whose vocabulary nothing tells', () => {
    const branched = (b: GraphBuilder, x: string): string => {
      const normed = b.norm(x, WIDTH);
      const branch = b.add('MatMul', [
        b.add('MatMul', [normed, b.weight(WIDTH, 2)]),
        b.weight(2, VOCABULARY),
      ]);
      return b.add('Add', [unembed(b, normed), branch]);
    };
    expect(reasonIn(branched)).toMatch(/several projections/);
    expect(reasonIn((b, x) => unembed(b, b.norm(x, WIDTH)), null)).toMatch(/nothing tells/);
  });
});
