import { AttributeField, AttributeType, GraphField, NodeField } from '../protobuf/fields';
import { withoutField } from '../protobuf/makeElements';
import type { OnnxAttribute, OnnxGraph, OnnxNode } from '../protobuf/model';
import { WireReader } from '../protobuf/wireReader';
import { WireWriter } from '../protobuf/wireWriter';

/** How a node of a function body is fitted to one call of the function. */
export interface CallBinding {
  /** The tensor's name where the call stands. */
  rename(tensor: string): string;
  /** The value that the call gives to an attribute of the function; null where neither call nor default has one. */
  attribute(name: string): OnnxAttribute | null;
}

/** A copy of `node` with its tensors renamed, in its subgraphs as well, and its attribute references resolved. */
export function renameNode(node: OnnxNode, binding: CallBinding): OnnxNode {
  const inputs = node.inputs.map((name) => binding.rename(name));
  const outputs = node.outputs.map((name) => binding.rename(name));
  const attributes = new Map<string, OnnxAttribute>();
  for (const attribute of node.attributes.values()) {
    const bound = bindAttribute(attribute, binding);
    if (bound) attributes.set(bound.name, bound);
  }
  const writer = new WireWriter();
  for (const input of inputs) writer.text(NodeField.input, input);
  for (const output of outputs) writer.text(NodeField.output, output);
  writer.text(NodeField.opType, node.opType);
  for (const attribute of attributes.values()) writer.bytes(NodeField.attribute, attribute.bytes);
  if (node.domain !== '') writer.text(NodeField.domain, node.domain);
  return { ...node, name: '', inputs, outputs, attributes, bytes: writer.finish() };
}

function bindAttribute(attribute: OnnxAttribute, binding: CallBinding): OnnxAttribute | null {
  if (attribute.reference !== null) {
    const value = binding.attribute(attribute.reference);
    return value && renamedAttribute(value, attribute.name);
  }
  if (!attribute.graph) return attribute;
  const graph: OnnxGraph = {
    ...attribute.graph,
    nodes: attribute.graph.nodes.map((node) => renameNode(node, binding)),
  };
  const body = withoutField(graphBytes(attribute), GraphField.node);
  for (const node of graph.nodes) body.bytes(GraphField.node, node.bytes);
  const writer = new WireWriter()
    .text(AttributeField.name, attribute.name)
    .message(AttributeField.graph, body)
    .integer(AttributeField.type, AttributeType.graph);
  return { ...attribute, graph, bytes: writer.finish() };
}

function renamedAttribute(attribute: OnnxAttribute, name: string): OnnxAttribute {
  const writer = withoutField(attribute.bytes, AttributeField.name).text(AttributeField.name, name);
  return { ...attribute, name, reference: null, bytes: writer.finish() };
}

function graphBytes(attribute: OnnxAttribute): Uint8Array {
  const fields = new WireReader(attribute.bytes);
  while (fields.next()) if (fields.field === AttributeField.graph) return fields.view();
  return new Uint8Array(0);
}
