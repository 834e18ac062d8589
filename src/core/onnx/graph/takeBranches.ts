import type { OnnxGraph, OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from '../protobuf/model';
import { tensorNumbers } from '../protobuf/tensorNumbers';
import { makeNode } from '../protobuf/writeModel';

/**
 * Merged decoders hold the same layers twice: one branch of an `If` for the first pass, one for passes with a cache.
 * Text is run without a cache, so the condition is false; this puts that branch in the place of the `If`.
 * An `If` whose condition is computed from data stays as it is.
 */
export function takeBranches(model: OnnxModel): OnnxModel {
  const { graph } = model;
  if (!graph.nodes.some((node) => node.opType === 'If')) return model;
  const inputs = new Set(graph.inputs.map((input) => input.name));
  const producers = new Map(graph.nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  const nodes: OnnxNode[] = [];
  const initializers = new Map<string, OnnxTensor>(graph.initializers);
  const values: OnnxValue[] = [...graph.values];

  const place = (node: OnnxNode): void => {
    const branch = node.opType === 'If' ? chosenBranch(node, graph, inputs, producers) : null;
    if (!branch) {
      nodes.push(node);
      return;
    }
    for (const [name, tensor] of branch.initializers) initializers.set(name, tensor);
    values.push(...branch.values);
    branch.nodes.forEach(place);
    node.outputs.forEach((name, index) => {
      const source = branch.outputs[index]?.name;
      if (name !== '' && source !== undefined && source !== name) {
        nodes.push(makeNode('Identity', [source], [name]));
      }
    });
  };
  graph.nodes.forEach(place);
  return { ...model, graph: { ...graph, nodes, initializers, values } };
}

function chosenBranch(
  node: OnnxNode,
  graph: OnnxGraph,
  inputs: ReadonlySet<string>,
  producers: ReadonlyMap<string, OnnxNode>,
): OnnxGraph | null {
  const condition = knownCondition(node.inputs[0] ?? '', graph, inputs, producers);
  if (condition === null) return null;
  return node.attributes.get(condition ? 'then_branch' : 'else_branch')?.graph ?? null;
}

/** Follows a condition through views to a constant or to an input of the model, which is fed false. */
function knownCondition(
  name: string,
  graph: OnnxGraph,
  inputs: ReadonlySet<string>,
  producers: ReadonlyMap<string, OnnxNode>,
): boolean | null {
  let tensor = name;
  for (let steps = 0; steps < 8; steps++) {
    const constant =
      graph.initializers.get(tensor) ?? producers.get(tensor)?.attributes.get('value')?.tensor ?? null;
    if (constant) return tensorNumbers(constant, 1)?.[0] === 1;
    if (inputs.has(tensor)) return false;
    const producer = producers.get(tensor);
    if (!producer || !['Identity', 'Cast', 'Squeeze', 'Reshape'].includes(producer.opType)) return null;
    tensor = producer.inputs[0] ?? '';
  }
  return null;
}
