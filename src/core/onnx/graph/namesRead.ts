import type { OnnxNode } from '../protobuf/model';

/** Every outer tensor that a node reads, in its subgraphs as well. */
export function namesRead(node: OnnxNode): readonly string[] {
  const names = node.inputs.filter((name) => name !== '');
  for (const attribute of node.attributes.values()) {
    if (!attribute.graph) continue;
    for (const inner of attribute.graph.nodes) names.push(...namesRead(inner));
    for (const output of attribute.graph.outputs) names.push(output.name);
  }
  return names;
}
