import { GraphField, ModelField } from './fields';
import type { OnnxGraph, OnnxModel } from './model';
import { WireWriter } from './wireWriter';

/**
 * Writes a model of the given graph, with every kept element byte for byte as it was.
 * Functions are left out: they are inlined before surgery.
 */
export function writeModel(model: OnnxModel, graph: OnnxGraph): Uint8Array {
  const body = new WireWriter();
  for (const node of graph.nodes) body.bytes(GraphField.node, node.bytes);
  body.text(GraphField.name, 'neurons');
  for (const tensor of graph.initializers.values()) body.bytes(GraphField.initializer, tensor.bytes);
  for (const input of graph.inputs) body.bytes(GraphField.input, input.bytes);
  for (const output of graph.outputs) body.bytes(GraphField.output, output.bytes);
  for (const value of graph.values) body.bytes(GraphField.valueInfo, value.bytes);
  const message = new WireWriter();
  for (const field of model.header) message.raw(field);
  return message.message(ModelField.graph, body).finish();
}
