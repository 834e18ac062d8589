import { describe, expect, it } from 'vitest';
import { analyseModel } from '../../../src/core/onnx/modelAnalysis';
import { GraphBuilder } from './graphBuilder';

const WIDTH = 8;
const NEURONS = 32;

interface Found {
  readonly act: string;
  readonly activation: string;
  readonly gated: boolean;
  readonly dFf: number;
}

function sitesOf(builder: GraphBuilder, output: string): Found[] {
  const { sites } = analyseModel(builder.model(output), { part: null, layers: () => null });
  return sites.map(({ site, source }) => ({
    act: source.ffn.act.name,
    activation: site.activation,
    gated: site.gated,
    dFf: site.dFf,
  }));
}

function silu(builder: GraphBuilder, x: string): string {
  return builder.add('Mul', [x, builder.add('Sigmoid', [x])]);
}

describe('blocks that are FFNs', () => {
  it('a bilinear block has a product and no activation function', () => {
    const builder = new GraphBuilder();
    const stream = builder.input('x');
    const x = builder.norm(stream, WIDTH);
    const act = builder.add('Mul', [builder.linear(x, WIDTH, NEURONS), builder.linear(x, WIDTH, NEURONS)]);
    const out = builder.add('Add', [stream, builder.linear(act, NEURONS, WIDTH)]);
    expect(sitesOf(builder, out)).toEqual([{ act, activation: 'bilinear', gated: true, dFf: NEURONS }]);
  });

  it('a norm before the down projection: the neuron is what enters the projection', () => {
    const builder = new GraphBuilder();
    const stream = builder.input('x');
    const hidden = builder.add('Relu', [builder.linear(builder.norm(stream, WIDTH), WIDTH, NEURONS)]);
    const act = builder.norm(hidden, NEURONS);
    const out = builder.add('Add', [stream, builder.linear(act, NEURONS, WIDTH)]);
    expect(sitesOf(builder, out)).toEqual([{ act, activation: 'relu', gated: false, dFf: NEURONS }]);
  });

  it('a norm written out in single operators', () => {
    const builder = new GraphBuilder();
    const stream = builder.input('x');
    const x = builder.norm(stream, WIDTH);
    const product = builder.add('Mul', [
      silu(builder, builder.add('MatMul', [x, builder.weight(WIDTH, NEURONS)])),
      builder.add('MatMul', [x, builder.weight(WIDTH, NEURONS)]),
    ]);
    const squares = builder.add('Pow', [product, builder.constant([], [2])]);
    const mean = builder.add('ReduceMean', [squares], { axes: [-1] });
    const root = builder.add('Sqrt', [builder.add('Add', [mean, builder.constant([], [1e-6])])]);
    const scaled = builder.add('Mul', [product, builder.add('Reciprocal', [root])]);
    const act = builder.add('Mul', [scaled, builder.weight(NEURONS)]);
    const out = builder.add('Add', [stream, builder.add('MatMul', [act, builder.weight(NEURONS, WIDTH)])]);
    expect(sitesOf(builder, out)).toEqual([{ act, activation: 'silu', gated: true, dFf: NEURONS }]);
  });

  it('LoRA branches belong to the projection that they run beside', () => {
    const builder = new GraphBuilder();
    const stream = builder.input('x');
    const x = builder.norm(stream, WIDTH);
    const lora = (from: string, inside: number, outside: number): string => {
      const low = builder.add('MatMul', [from, builder.weight(inside, 2)]);
      return builder.add('Mul', [
        builder.add('MatMul', [low, builder.weight(2, outside)]),
        builder.constant([], [0.5]),
      ]);
    };
    const pre = builder.add('Add', [builder.linear(x, WIDTH, NEURONS), lora(x, WIDTH, NEURONS)]);
    const act = builder.add('Relu', [pre]);
    const down = builder.add('Add', [builder.linear(act, NEURONS, WIDTH), lora(act, NEURONS, WIDTH)]);
    const { sites } = analyseModel(builder.model(builder.add('Add', [stream, down])), {
      part: null,
      layers: () => null,
    });
    expect(sites.map(({ source }) => [source.ffn.act.name, source.ffn.gate?.tensor.name])).toEqual([
      [act, pre],
    ]);
  });

  it('a block beside attention adds to a sum that holds its input', () => {
    const builder = new GraphBuilder();
    const stream = builder.input('x');
    const x = builder.norm(stream, WIDTH);
    const scores = builder.add('Softmax', [builder.add('MatMul', [x, builder.add('Transpose', [x])])]);
    const attention = builder.linear(builder.add('MatMul', [scores, x]), WIDTH, WIDTH);
    const act = builder.add('Relu', [builder.linear(x, WIDTH, NEURONS)]);
    const sum = builder.add('Add', [stream, attention]);
    const out = builder.add('Add', [sum, builder.linear(act, NEURONS, WIDTH)]);
    expect(sitesOf(builder, out).map((site) => site.act)).toEqual([act]);
  });

  it('interleaved halves with clipping, as Phi-3-small and gpt-oss have them', () => {
    const builder = new GraphBuilder();
    const stream = builder.input('x');
    const packed = builder.linear(builder.norm(stream, WIDTH), WIDTH, 2 * NEURONS);
    const part = (start: number): string =>
      builder.add('Slice', [
        packed,
        ...[start, 2 * NEURONS, -1, 2].map((value) => builder.constant([1], [value], 7)),
      ]);
    const clipped = builder.add('Clip', [part(1), builder.constant([], [-7]), builder.constant([], [7])]);
    const gate = builder.add('Clip', [part(0), '', builder.constant([], [7])]);
    const opened = builder.add('Mul', [
      gate,
      builder.add('Sigmoid', [builder.add('Mul', [gate, builder.constant([], [1.702])])]),
    ]);
    const act = builder.add('Mul', [builder.add('Add', [clipped, builder.constant([], [1])]), opened]);
    const out = builder.add('Add', [stream, builder.linear(act, NEURONS, WIDTH)]);
    expect(sitesOf(builder, out)).toEqual([{ act, activation: 'gelu_quick', gated: true, dFf: NEURONS }]);
  });
});

describe('blocks that are none', () => {
  it('a head of the usual shape that is not added to its input', () => {
    const builder = new GraphBuilder();
    const x = builder.norm(builder.input('x'), WIDTH);
    const act = builder.add('Relu', [builder.linear(x, WIDTH, NEURONS)]);
    expect(sitesOf(builder, builder.linear(act, NEURONS, WIDTH))).toEqual([]);
  });

  it('an adapter behind an FFN, though it is added to its input', () => {
    const builder = new GraphBuilder();
    const stream = builder.input('x');
    const act = builder.add('Relu', [builder.linear(builder.norm(stream, WIDTH), WIDTH, NEURONS)]);
    const written = builder.linear(act, NEURONS, WIDTH);
    const small = builder.linear(builder.add('Relu', [builder.linear(written, WIDTH, 2)]), 2, WIDTH);
    const out = builder.add('Add', [stream, builder.add('Add', [written, small])]);
    expect(sitesOf(builder, out).map((site) => site.act)).toEqual([act]);
  });

  it('the output projection of gated attention', () => {
    const builder = new GraphBuilder();
    const stream = builder.input('x');
    const x = builder.norm(stream, WIDTH);
    const scores = builder.add('Softmax', [builder.add('MatMul', [x, builder.add('Transpose', [x])])]);
    const mixed = builder.add('MatMul', [scores, builder.linear(x, WIDTH, NEURONS)]);
    const gated = builder.add('Mul', [mixed, builder.add('Sigmoid', [builder.linear(x, WIDTH, NEURONS)])]);
    expect(sitesOf(builder, builder.add('Add', [stream, builder.linear(gated, NEURONS, WIDTH)]))).toEqual([]);
  });

  it('a sum of two projections, and a low-rank projection without an activation function', () => {
    const builder = new GraphBuilder();
    const stream = builder.input('x');
    const sum = builder.add('Add', [
      builder.linear(stream, WIDTH, NEURONS),
      builder.linear(stream, WIDTH, NEURONS),
    ]);
    const first = builder.add('Add', [stream, builder.linear(sum, NEURONS, WIDTH)]);
    const latent = builder.norm(builder.linear(first, WIDTH, NEURONS), NEURONS);
    expect(sitesOf(builder, builder.add('Add', [first, builder.linear(latent, NEURONS, WIDTH)]))).toEqual([]);
  });
});

describe('operators that hide their neurons', () => {
  it('are listed with the reason', () => {
    const builder = new GraphBuilder();
    const x = builder.input('x');
    const router = builder.linear(x, WIDTH, 4);
    const experts = builder.add('QMoE', [x, router, builder.weight(4, WIDTH, NEURONS)], {}, 'com.microsoft');
    const { sites, opaque } = analyseModel(builder.model(experts), { part: null, layers: () => null });
    expect(sites).toEqual([]);
    expect(opaque).toEqual([
      { node: experts, reason: 'a fused mixture-of-experts operator hides its neurons' },
    ]);
  });
});
