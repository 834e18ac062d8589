import type { GraphIndex } from '../graph/graphIndex';
import { namesRead } from '../graph/namesRead';
import type { OnnxGraph, OnnxNode, OnnxValue } from '../protobuf/model';

/**
 * The part of a graph that some tensors are computed from: what comes after them is gone, and with it every weight,
 * input and annotation that only the rest needed. onnxruntime itself would run nodes that nobody asks for.
 * @param added nodes and constants that are not in the indexed graph; `outputs` may name theirs
 */
export function prune(
  index: GraphIndex,
  added: Pick<OnnxGraph, 'nodes' | 'initializers'>,
  outputs: readonly OnnxValue[],
): OnnxGraph {
  const own = new Set(added.nodes.flatMap((node) => node.outputs));
  const sources = [...added.nodes.flatMap(namesRead), ...outputs.map((output) => output.name)];
  const kept = index.ancestors(sources.filter((name) => !own.has(name)));
  const nodes: OnnxNode[] = [...index.graph.nodes.filter((node) => kept.has(node)), ...added.nodes];
  const read = new Set(nodes.flatMap(namesRead));
  const made = new Set(nodes.flatMap((node) => node.outputs));
  const wanted = new Set(outputs.map((output) => output.name));
  const { graph } = index;
  return {
    nodes,
    initializers: new Map([
      ...[...graph.initializers].filter(([name]) => read.has(name) || wanted.has(name)),
      ...added.initializers,
    ]),
    inputs: graph.inputs.filter((input) => read.has(input.name)),
    outputs,
    values: graph.values.filter((value) => made.has(value.name) && !wanted.has(value.name)),
  };
}
