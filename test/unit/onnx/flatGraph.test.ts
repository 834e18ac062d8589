import { describe, expect, it } from 'vitest';
import { GraphIndex } from '../../../src/core/onnx/graph/graphIndex';
import { readModel } from '../../../src/core/onnx/protobuf/readModel';
import { WireWriter } from '../../../src/core/onnx/protobuf/wireWriter';

function node(opType: string, inputs: readonly string[], outputs: readonly string[]): WireWriter {
  const writer = new WireWriter();
  for (const input of inputs) writer.text(1, input);
  for (const output of outputs) writer.text(2, output);
  return writer.text(4, opType);
}

function graph(
  nodes: readonly WireWriter[],
  inputs: readonly string[],
  outputs: readonly string[],
): WireWriter {
  const writer = new WireWriter();
  for (const written of nodes) writer.message(1, written);
  for (const input of inputs) writer.message(11, new WireWriter().text(1, input));
  for (const output of outputs) writer.message(12, new WireWriter().text(1, output));
  return writer;
}

function indexOf(main: WireWriter): GraphIndex {
  return new GraphIndex(readModel(new WireWriter().message(7, main).finish(), 'test.onnx'));
}

/** `If` over two branches, each a list of nodes and its output. */
function choice(condition: string, made: string, branches: readonly [WireWriter[], string][]): WireWriter {
  const writer = node('If', [condition], [made]);
  branches.forEach(([nodes, output], at) => {
    const name = at === 0 ? 'then_branch' : 'else_branch';
    const attribute = new WireWriter()
      .text(1, name)
      .message(6, graph(nodes, [], [output]))
      .integer(20, 5);
    writer.message(5, attribute);
  });
  return writer;
}

describe('a branch in the place of its If', () => {
  it('keeps its tensors apart from those that have their name outside', () => {
    const inner = [node('Relu', ['x'], ['cast']), node('Tanh', ['cast'], ['inner'])];
    const { graph: flat } = indexOf(
      graph(
        [
          choice('use_cache_branch', 'result', [
            [[node('Abs', ['x'], ['inner'])], 'inner'],
            [inner, 'inner'],
          ]),
          node('Cast', ['result'], ['cast']),
        ],
        ['x', 'use_cache_branch'],
        ['cast'],
      ),
    ).model;
    const made = flat.nodes.flatMap(({ outputs }) => outputs);
    expect(new Set(made).size).toBe(made.length);
    expect(flat.nodes.map(({ opType }) => opType)).toEqual(['Relu', 'Tanh', 'Identity', 'Cast']);
    flat.nodes.slice(1).forEach(({ inputs }, at) => expect(inputs[0]).toBe(made[at]));
  });
});

describe('nodes that are listed before those that they read', () => {
  it('are put in order, and a circle stays where it was, at the end', () => {
    const index = indexOf(
      graph(
        [
          node('Add', ['b', 'a'], ['c']),
          node('Neg', ['d'], ['e']),
          node('Relu', ['a'], ['b']),
          node('Abs', ['e'], ['d']),
          node('Exp', ['x'], ['a']),
        ],
        ['x'],
        ['c'],
      ),
    );
    expect(index.graph.nodes.map(({ opType }) => opType)).toEqual(['Exp', 'Relu', 'Add', 'Neg', 'Abs']);
  });
});
