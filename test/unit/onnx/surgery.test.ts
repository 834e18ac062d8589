import { describe, expect, it } from 'vitest';
import { encodeNpy } from '../../../src/core/common/npy';
import { analyseModel } from '../../../src/core/onnx/modelAnalysis';
import { readModel } from '../../../src/core/onnx/protobuf/readModel';
import { exposeNeurons } from '../../../src/core/onnx/surgery/expose';
import { GraphBuilder } from './graphBuilder';

const WIDTH = 8;
const NEURONS = 16;

/** Two layers and a vocabulary head, with an input that only the head reads. */
function twoLayers(): { bytes: Uint8Array; acts: string[] } {
  const builder = new GraphBuilder();
  const acts: string[] = [];
  let stream = builder.input('x');
  for (let layer = 0; layer < 2; layer++) {
    const act = builder.add('Relu', [builder.linear(builder.norm(stream, WIDTH), WIDTH, NEURONS)]);
    acts.push(act);
    stream = builder.add('Add', [stream, builder.linear(act, NEURONS, WIDTH)]);
  }
  const head = builder.add('MatMul', [stream, builder.weight(WIDTH, 1000)]);
  return { bytes: builder.bytes(builder.add('Mul', [head, builder.input('temperature')])), acts };
}

describe('exposeNeurons', () => {
  const { bytes, acts } = twoLayers();
  const { index, sites } = analyseModel(readModel(bytes, 'test.onnx'), { part: null, layers: () => null });
  const exposed = (layers: number): ReturnType<typeof readModel> =>
    readModel(
      exposeNeurons(
        index,
        sites.slice(0, layers).map(({ source }) => ({ ffn: source, quantity: 'act' as const })),
      ).bytes,
      'cut.onnx',
    );

  it('keeps nothing behind the last wanted FFN: no node, weight or input of the rest', () => {
    const { graph } = exposed(1);
    expect(graph.outputs.map(({ name }) => name)).toEqual([acts[0]]);
    expect(graph.inputs.map(({ name }) => name)).toEqual(['x']);
    expect(graph.nodes.map(({ opType }) => opType)).toEqual(['LayerNormalization', 'MatMul', 'Add', 'Relu']);
    expect([...graph.initializers.values()].map(({ dims }) => dims)).toEqual([
      [WIDTH],
      [WIDTH],
      [WIDTH, NEURONS],
      [NEURONS],
    ]);
  });

  it('leaves the vocabulary head out when every layer is wanted', () => {
    const { graph } = exposed(2);
    expect(graph.outputs.map(({ name }) => name)).toEqual(acts);
    expect([...graph.initializers.values()].some(({ dims }) => dims.includes(1000))).toBe(false);
  });

  it('copies what it keeps byte for byte', () => {
    const before = new Map(index.graph.nodes.map((node) => [node.outputs[0], node.bytes]));
    for (const node of exposed(2).graph.nodes) expect(node.bytes).toEqual(before.get(node.outputs[0]));
  });

  it('puts an empty sequence before all other outputs where one is asked for', () => {
    const wanted = sites.map(({ source }) => ({ ffn: source, quantity: 'act' as const }));
    const { bytes: cut, sequence } = exposeNeurons(index, wanted, new Map(), [], true);
    const { graph } = readModel(cut, 'cut.onnx');
    expect(graph.outputs.map(({ name }) => name)).toEqual([sequence, ...acts]);
    expect(graph.nodes.find(({ outputs }) => outputs[0] === sequence)?.opType).toBe('SequenceEmpty');
  });
});

describe('encodeNpy', () => {
  it('writes a header that ends on a multiple of 64 bytes, and the values behind it', () => {
    const file = encodeNpy(Float32Array.of(1.5, -2, NaN, 0), [1, 2, 2]);
    const length = file[8]! + 256 * file[9]!;
    expect((10 + length) % 64).toBe(0);
    expect(new TextDecoder('latin1').decode(file.subarray(10, 10 + length))).toMatch(
      /^\{'descr': '<f4', 'fortran_order': False, 'shape': \(1, 2, 2\), \} *\n$/,
    );
    const view = new DataView(file.buffer, 10 + length);
    expect([0, 4, 8, 12].map((at) => view.getFloat32(at, true))).toEqual([1.5, -2, NaN, 0]);
  });
});
