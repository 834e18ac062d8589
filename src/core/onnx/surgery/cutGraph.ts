import { namesRead } from '../graph/namesRead';
import { sortNodes } from '../graph/sortNodes';
import type { OnnxGraph, OnnxNode, OnnxValue } from '../protobuf/model';

/**
 * The part of a graph that some tensors are computed from: what comes after them is gone, and with it every weight,
 * input and annotation that only the rest needed. onnxruntime itself would run nodes that nobody asks for.
 */
export function cutGraph(graph: OnnxGraph, outputs: readonly OnnxValue[]): OnnxGraph {
  const kept = ancestorsOf(
    graph.nodes,
    outputs.map(({ name }) => name),
  );
  const nodes = graph.nodes.filter((node) => kept.has(node));
  const read = new Set(nodes.flatMap(namesRead));
  const made = new Set(nodes.flatMap((node) => node.outputs));
  const wanted = new Set(outputs.map(({ name }) => name));
  return {
    nodes: sortNodes(nodes),
    initializers: new Map([...graph.initializers].filter(([name]) => read.has(name) || wanted.has(name))),
    inputs: graph.inputs.filter(({ name }) => read.has(name)),
    outputs,
    values: graph.values.filter(({ name }) => made.has(name) && !wanted.has(name)),
  };
}

/** The nodes that some tensors are computed from. */
export function ancestorsOf(nodes: readonly OnnxNode[], tensors: readonly string[]): ReadonlySet<OnnxNode> {
  const producers = new Map(nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  const found = new Set<OnnxNode>();
  const open = [...tensors];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const node = name === '' ? undefined : producers.get(name);
    if (!node || found.has(node)) continue;
    found.add(node);
    open.push(...namesRead(node));
  }
  return found;
}
