import { TensorType, type OnnxGraph, type OnnxModel, type OnnxNode, type OnnxTensor } from './model';
import { WireReader } from './wireReader';
import { WireWriter } from './wireWriter';

/**
 * Writes a model of the given graph, with every kept element byte for byte as it was.
 * Functions are left out: they are inlined before surgery.
 */
export function writeModel(model: OnnxModel, graph: OnnxGraph): Uint8Array {
  const body = new WireWriter();
  for (const node of graph.nodes) body.bytes(1, node.bytes);
  body.text(2, 'neurons');
  for (const tensor of graph.initializers.values()) body.bytes(5, tensor.bytes);
  for (const input of graph.inputs) body.bytes(11, input.bytes);
  for (const output of graph.outputs) body.bytes(12, output.bytes);
  for (const value of graph.values) body.bytes(13, value.bytes);
  const message = new WireWriter();
  for (const field of model.header) message.raw(field);
  return message.message(7, body).finish();
}

export interface NewAttributes {
  readonly integers?: Readonly<Record<string, number>>;
  readonly lists?: Readonly<Record<string, readonly number[]>>;
  readonly texts?: Readonly<Record<string, string>>;
}

/** A new operator. */
export function makeNode(
  opType: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: NewAttributes = {},
  domain = '',
): OnnxNode {
  const writer = new WireWriter();
  for (const input of inputs) writer.text(1, input);
  for (const output of outputs) writer.text(2, output);
  writer.text(4, opType);
  for (const [name, value] of Object.entries(attributes.integers ?? {})) {
    writer.message(5, new WireWriter().text(1, name).integer(3, value).integer(20, 2));
  }
  for (const [name, text] of Object.entries(attributes.texts ?? {})) {
    writer.message(5, new WireWriter().text(1, name).text(4, text).integer(20, 3));
  }
  for (const [name, values] of Object.entries(attributes.lists ?? {})) {
    const attribute = new WireWriter().text(1, name);
    for (const value of values) attribute.integer(8, value);
    writer.message(5, attribute.integer(20, 7));
  }
  if (domain !== '') writer.text(7, domain);
  return { name: '', opType, domain, inputs, outputs, attributes: new Map(), bytes: writer.finish() };
}

/** A new float32 or int64 constant. */
export function makeTensor(
  name: string,
  type: typeof TensorType.float | typeof TensorType.int64,
  dims: readonly number[],
  values: readonly number[],
): OnnxTensor {
  const writer = new WireWriter();
  for (const dim of dims) writer.integer(1, dim);
  writer.integer(2, type);
  for (const value of values) {
    if (type === TensorType.float) writer.float(4, value);
    else writer.integer(7, value);
  }
  return { name, dims, type, bytes: writer.text(8, name).finish(), external: null };
}

/** A constant under another name. */
export function renameTensor(tensor: OnnxTensor, name: string): OnnxTensor {
  if (tensor.name === name) return tensor;
  const writer = new WireWriter();
  const fields = new WireReader(tensor.bytes);
  while (fields.next()) {
    if (fields.field !== 8) writer.raw(fields.bytes.subarray(fields.tagStart, fields.end));
  }
  return { ...tensor, name, bytes: writer.text(8, name).finish() };
}

/** A graph output by name alone: onnxruntime infers its type and shape. */
export function makeOutput(name: string): OnnxGraph['outputs'][number] {
  return { name, type: null, shape: null, bytes: new WireWriter().text(1, name).finish() };
}
