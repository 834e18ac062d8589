import type { OnnxGraph, OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from '../protobuf/model';
import { tensorNumbers } from '../protobuf/tensorNumbers';
import { makeNode, makeOutput, renameTensor } from '../protobuf/makeElements';
import { renameNode } from './renameNode';

/**
 * Merged decoders hold the same layers twice: one branch of an `If` for the first pass, one for passes with a cache. This
 * puts the one that is meant in the place of the `If`. An `If` whose condition is computed from data stays as it is.
 * @param cached what the model's own switch between the two is fed
 */
export function takeBranches(model: OnnxModel, cached: boolean): OnnxModel {
  const { graph } = model;
  if (!graph.nodes.some((node) => node.opType === 'If')) return model;
  const inputs = new Set(graph.inputs.map((input) => input.name));
  const producers = new Map(graph.nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  const nodes: OnnxNode[] = [];
  const initializers = new Map<string, OnnxTensor>(graph.initializers);
  const values: OnnxValue[] = [...graph.values];
  const taken = new Set([...inputs, ...initializers.keys(), ...producers.keys()]);

  const place = (node: OnnxNode): void => {
    const chosen = node.opType === 'If' ? chosenBranch(node, { graph, inputs, producers, cached }) : null;
    if (!chosen) {
      nodes.push(node);
      return;
    }
    node.outputs.forEach((name, at) => chosen.outputs[at]?.name === name && taken.delete(name));
    const branch = withOwnNames(chosen, taken);
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

/** A branch whose tensors are called like none outside: within the `If` they hid those of the same name. */
function withOwnNames(branch: OnnxGraph, taken: Set<string>): OnnxGraph {
  const made = [...branch.initializers.keys(), ...branch.nodes.flatMap(({ outputs }) => outputs)];
  const names = new Map<string, string>();
  for (const name of made) {
    if (name === '') continue;
    if (taken.has(name)) names.set(name, `branch${taken.size}/${name}`);
    taken.add(names.get(name) ?? name);
  }
  if (names.size === 0) return branch;
  const rename = (name: string): string => names.get(name) ?? name;
  const initializers = [...branch.initializers.values()].map((tensor) =>
    renameTensor(tensor, rename(tensor.name)),
  );
  return {
    ...branch,
    nodes: branch.nodes.map((node) => renameNode(node, { rename, attribute: () => null })),
    initializers: new Map(initializers.map((tensor) => [tensor.name, tensor])),
    outputs: branch.outputs.map((output) => makeOutput(rename(output.name))),
    values: [],
  };
}

interface Surroundings {
  readonly graph: OnnxGraph;
  readonly inputs: ReadonlySet<string>;
  readonly producers: ReadonlyMap<string, OnnxNode>;
  readonly cached: boolean;
}

function chosenBranch(node: OnnxNode, around: Surroundings): OnnxGraph | null {
  const condition = knownCondition(node.inputs[0] ?? '', around);
  if (condition === null) return null;
  return node.attributes.get(condition ? 'then_branch' : 'else_branch')?.graph ?? null;
}

/** Follows a condition through views to a constant or to an input of the model. */
function knownCondition(name: string, { graph, inputs, producers, cached }: Surroundings): boolean | null {
  let tensor = name;
  for (let steps = 0; steps < 8; steps++) {
    const constant =
      graph.initializers.get(tensor) ?? producers.get(tensor)?.attributes.get('value')?.tensor ?? null;
    if (constant) return tensorNumbers(constant, 1)?.[0] === 1;
    if (inputs.has(tensor)) return cached;
    const producer = producers.get(tensor);
    if (!producer || !['Identity', 'Cast', 'Squeeze', 'Reshape'].includes(producer.opType)) return null;
    tensor = producer.inputs[0] ?? '';
  }
  return null;
}
