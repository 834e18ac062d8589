import { describe, expect, it } from 'vitest';
import { analyseModel } from '../../../src/core/onnx/modelAnalysis';
import type { Ffn } from '../../../src/core/onnx/ffn/ffn';
import { GraphBuilder } from './graphBuilder';

const WIDTH = 8;
const NEURONS = 32;

/** The sites of a stream with one block in it. */
function ffnsIn(build: (builder: GraphBuilder, x: string) => string): readonly Ffn[] {
  const builder = new GraphBuilder();
  const stream = builder.input('x');
  const written = build(builder, builder.norm(stream, WIDTH));
  const model = builder.model(builder.add('Add', [stream, written]));
  return analyseModel(model, { part: null, layers: () => null }).sites.map(({ source }) => source.ffn);
}

/** The activation functions of the sites of a stream with one block in it. */
function namesIn(build: (builder: GraphBuilder, x: string) => string, scale?: number): string[] {
  const builder = new GraphBuilder();
  const stream = builder.input('x');
  const written = build(builder, builder.norm(stream, WIDTH));
  const kept = scale === undefined ? stream : builder.add('Mul', [stream, builder.constant([], [scale])]);
  const model = builder.model(builder.add('Add', [kept, written]));
  return analyseModel(model, { part: null, layers: () => null }).sites.map(({ site }) => site.activation);
}

function plain(operator: string): (builder: GraphBuilder, x: string) => string {
  return (builder, x) =>
    builder.linear(builder.add(operator, [builder.linear(x, WIDTH, NEURONS)]), NEURONS, WIDTH);
}

describe('activation functions', () => {
  it.each([
    ['Elu', 'elu'],
    ['HardSwish', 'hardswish'],
    ['Mish', 'mish'],
    ['Softplus', 'softplus'],
    ['Sin', 'other'],
    ['Softsign', 'other'],
  ])('%s is named %s', (operator, name) => {
    expect(namesIn(plain(operator))).toEqual([name]);
  });

  it('ReLU6 is not ReLU', () => {
    const clip = (builder: GraphBuilder, x: string): string => {
      const pre = builder.linear(x, WIDTH, NEURONS);
      const act = builder.add('Clip', [pre, builder.constant([], [0]), builder.constant([], [6])]);
      return builder.linear(act, NEURONS, WIDTH);
    };
    expect(namesIn(clip)).toEqual(['relu6']);
  });

  it('an odd function without an operator of its own is still one: x / (1 + |x|)', () => {
    const quotient = (builder: GraphBuilder, x: string): string => {
      const pre = builder.linear(x, WIDTH, NEURONS);
      const below = builder.add('Add', [builder.add('Abs', [pre]), builder.constant([], [1])]);
      return builder.linear(builder.add('Div', [pre, below]), NEURONS, WIDTH);
    };
    expect(namesIn(quotient)).toEqual(['other']);
  });

  it('a sum of normed powers (PolyNorm) is one, a norm alone is none', () => {
    const powers =
      (exponents: readonly number[]) =>
      (builder: GraphBuilder, x: string): string => {
        const pre = builder.linear(x, WIDTH, NEURONS);
        const normed = exponents.map((exponent) => {
          const power = builder.add('Pow', [pre, builder.constant([], [exponent])]);
          const squares = builder.add('Pow', [power, builder.constant([], [2])]);
          const mean = builder.add('ReduceMean', [squares], { axes: [-1] });
          return builder.add('Div', [power, builder.add('Sqrt', [mean])]);
        });
        return builder.linear(
          normed.reduce((sum, term) => builder.add('Add', [sum, term])),
          NEURONS,
          WIDTH,
        );
      };
    expect(namesIn(powers([3, 2, 1]))).toEqual(['other']);
    expect(namesIn(powers([1]))).toEqual([]);
  });
});

describe('ways to write a block', () => {
  it('beside a multiple of the stream (DeepNorm)', () => {
    expect(namesIn(plain('Relu'), 1.3)).toEqual(['relu']);
  });

  it('an Einsum that makes gate and up at once (Gemma in JAX)', () => {
    const gated = (builder: GraphBuilder, x: string): string => {
      const both = builder.add('Einsum', [x, builder.weight(2, WIDTH, NEURONS)], {
        equation: 'btd,kdf->kbtf',
      });
      const half = (at: number): string => builder.add('Gather', [both, builder.constant([], [at], 7)]);
      return builder.linear(builder.add('Mul', [builder.add('Relu', [half(0)]), half(1)]), NEURONS, WIDTH);
    };
    expect(namesIn(gated)).toEqual(['relu']);
  });

  it('8-bit operators from end to end', () => {
    const rounded = (builder: GraphBuilder, x: string): string => {
      const scale = builder.constant([], [0.5]);
      const zero = builder.constant([], [128], 7);
      const input = builder.add('QuantizeLinear', [x, scale, zero]);
      const product = (from: string, rows: number, columns: number): string =>
        builder.add('QLinearMatMul', [
          from,
          scale,
          zero,
          builder.weight(rows, columns),
          scale,
          zero,
          scale,
          zero,
        ]);
      const pre = product(input, WIDTH, NEURONS);
      const open = builder.add('QLinearSigmoid', [pre, scale, zero, scale, zero]);
      const act = builder.add('QLinearMul', [pre, scale, zero, open, scale, zero, scale, zero]);
      return builder.add('DequantizeLinear', [product(act, NEURONS, WIDTH), scale, zero]);
    };
    expect(namesIn(rounded)).toEqual(['silu']);
  });

  it('experts whose biases are picked as their matrices are', () => {
    const picked = (builder: GraphBuilder, x: string): string => {
      const router = builder.add('TopK', [builder.linear(x, WIDTH, 4), builder.constant([1], [2], 7)]);
      const ids = builder.add('Reshape', [router, builder.constant([1], [-1], 7)]);
      const projection = (from: string, rows: number, columns: number): string => {
        const weight = builder.add('Gather', [builder.weight(4, rows, columns), ids]);
        return builder.add('Add', [
          builder.add('MatMul', [from, weight]),
          builder.add('Gather', [builder.weight(4, columns), ids]),
        ]);
      };
      return projection(builder.add('Relu', [projection(x, WIDTH, NEURONS)]), NEURONS, WIDTH);
    };
    expect(namesIn(picked)).toEqual(['relu', 'relu', 'relu', 'relu']);
  });
});

describe('halves of a packed projection', () => {
  it.each([
    [[0, 0, 2, NEURONS], -2, false],
    [[0, 0, NEURONS, 2], -1, true],
  ])('reshaped to %j and split: interleaved %s', (shape, axis, interleaved) => {
    const [ffn] = ffnsIn((builder, x) => {
      const packed = builder.linear(x, WIDTH, 2 * NEURONS);
      const pairs = builder.add('Reshape', [packed, builder.constant([4], shape, 7)]);
      builder.raw('Split', [pairs], ['first', 'second'], { axis });
      const [gate, up] = ['first', 'second'].map((half) =>
        builder.add('Squeeze', [half, builder.constant([1], [axis], 7)]),
      );
      const act = builder.add('Mul', [builder.add('Relu', [gate!]), up!]);
      return builder.linear(act, NEURONS, WIDTH);
    });
    expect(ffn?.roots.map(({ half }) => half)).toMatchObject([
      { index: 0, interleaved },
      { index: 1, interleaved },
    ]);
  });
});

describe('whether activations are the named function and nothing more', () => {
  const scaled =
    (kind: 'none' | 'each neuron' | 'clipped') =>
    (builder: GraphBuilder, x: string): string => {
      const relu = builder.add('Relu', [builder.linear(x, WIDTH, NEURONS)]);
      if (kind === 'none') return builder.linear(relu, NEURONS, WIDTH);
      const act =
        kind === 'clipped'
          ? builder.add('Clip', [relu, builder.constant([], [-9]), builder.constant([], [9])])
          : builder.add('Mul', [relu, builder.weight(NEURONS)]);
      return builder.linear(act, NEURONS, WIDTH);
    };
  it.each([
    ['none', true],
    ['each neuron', false],
    ['clipped', false],
  ] as const)('scaled by %s: %s', (kind, exact) => {
    expect(ffnsIn(scaled(kind)).map((ffn) => [ffn.activation, ffn.exact])).toEqual([['relu', exact]]);
  });
});
