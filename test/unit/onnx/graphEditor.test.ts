import { describe, expect, it } from 'vitest';
import { GraphIndex } from '../../../src/core/onnx/graph/graphIndex';
import { TensorType, type OnnxGraph, type OnnxNode } from '../../../src/core/onnx/protobuf/model';
import { readModel } from '../../../src/core/onnx/protobuf/readModel';
import { GraphEditor } from '../../../src/core/onnx/surgery/graphEditor';
import { GraphBuilder } from './graphBuilder';

/** x → Relu → two readers, of which one is a branch of its own. */
function smallGraph(): { index: GraphIndex; act: string; down: string; other: string; sum: string } {
  const builder = new GraphBuilder();
  const act = builder.add('Relu', [builder.input('x')]);
  const down = builder.add('MatMul', [act, builder.weight(4, 4)]);
  const other = builder.add('Sigmoid', [act]);
  const sum = builder.add('Add', [down, other]);
  return { index: new GraphIndex(builder.model(sum)), act, down, other, sum };
}

function edited(editor: GraphEditor, ...outputs: string[]): OnnxGraph {
  return readModel(editor.write(outputs), 'edited.onnx').graph;
}

function maker({ nodes }: OnnxGraph, tensor: string): OnnxNode {
  return nodes.find(({ outputs }) => outputs.includes(tensor))!;
}

describe('GraphEditor', () => {
  it('rewires all readers but those that the new tensor is computed from, and sorts the nodes', () => {
    const { index, act, down, other, sum } = smallGraph();
    const editor = new GraphEditor(index);
    const scale = editor.input('scale', TensorType.float, [1, 'tokens', 4]);
    const changed = editor.add('Mul', [act, scale]);
    editor.rewire(act, changed);
    const graph = edited(editor, sum);
    expect(maker(graph, down).inputs[0]).toBe(changed);
    expect(maker(graph, other).inputs[0]).toBe(changed);
    expect(maker(graph, changed).inputs).toEqual([act, scale]);
    expect(graph.inputs.map(({ name, type, shape }) => ({ name, type, shape }))).toContainEqual({
      name: 'scale',
      type: TensorType.float,
      shape: [1, 'tokens', 4],
    });
    const places = new Map(graph.nodes.flatMap(({ outputs }, place) => outputs.map((name) => [name, place])));
    expect(places.get(changed)!).toBeGreaterThan(places.get(act)!);
    expect(places.get(changed)!).toBeLessThan(places.get(down)!);
  });

  it('rewires the readers that are named, again and again', () => {
    const { index, act, down, other, sum } = smallGraph();
    const editor = new GraphEditor(index);
    const first = editor.add('Neg', [act]);
    editor.rewire(act, first, [index.producer(down)!]);
    const second = editor.add('Abs', [first]);
    editor.rewire(first, second, [index.producer(down)!]);
    const graph = edited(editor, sum);
    expect(maker(graph, down).inputs[0]).toBe(second);
    expect(maker(graph, other).inputs[0]).toBe(act);
  });

  it('leaves the indexed graph alone, and keeps the old tensor as an output', () => {
    const { index, act, down } = smallGraph();
    const before = index.graph.nodes.map(({ bytes }) => Buffer.from(bytes).toString('hex'));
    const editor = new GraphEditor(index);
    editor.rewire(act, editor.constant(TensorType.float, [1, 4], [1, 2, 3, 4]));
    const graph = edited(editor, act, down);
    expect(index.graph.nodes.map(({ bytes }) => Buffer.from(bytes).toString('hex'))).toEqual(before);
    expect(graph.outputs.map(({ name }) => name)).toEqual([act, down]);
    expect(maker(graph, act).opType).toBe('Relu');
    expect(maker(graph, down).inputs[0]).not.toBe(act);
  });

  it('gives what it adds names and attributes that can be read back, whatever the graph has already', () => {
    const builder = new GraphBuilder();
    builder.raw('Relu', [builder.input('x')], ['neuron_lens/Cast_0']);
    const index = new GraphIndex(builder.model('neuron_lens/Cast_0'));
    const editor = new GraphEditor(index);
    const cast = editor.add('Cast', ['x'], { to: 1, saturate: 0 });
    const last = editor.add('LeakyRelu', [cast], { alpha: { float: 0.5 } });
    const turned = editor.add('Transpose', [last], { perm: [1, 0] });
    const out = editor.add('Einsum', [turned], { equation: 'ab->ba' });
    expect(cast).not.toBe('neuron_lens/Cast_0');
    const graph = edited(editor, out);
    const value = (tensor: string, name: string) => maker(graph, tensor).attributes.get(name);
    expect(value(cast, 'to')?.integer).toBe(1);
    expect(value(last, 'alpha')?.float).toBe(0.5);
    expect(value(turned, 'perm')?.integers).toEqual([1, 0]);
    expect(value(out, 'equation')?.text).toBe('ab->ba');
    expect(editor.input('x', TensorType.float, ['n'])).not.toBe('x');
  });
});
