import {
  AttributeField,
  AttributeType,
  DimensionField,
  EntryField,
  NodeField,
  ShapeField,
  TensorField,
  TensorTypeField,
  TypeField,
  ValueField,
} from './fields';
import { TensorType, type OnnxNode, type OnnxTensor, type OnnxValue } from './model';
import { readNode, readTensor, readValue } from './readElements';
import { WireReader } from './wireReader';
import { WireWriter } from './wireWriter';

/** The value of an attribute: a whole number, whole numbers, a text, or a number with a fraction. */
export type AttributeValue = number | readonly number[] | string | { readonly float: number };

export type NewAttributes = Readonly<Record<string, AttributeValue>>;

/** A new operator. */
export function makeNode(
  opType: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: NewAttributes = {},
  domain = '',
): OnnxNode {
  const writer = new WireWriter();
  for (const input of inputs) writer.text(NodeField.input, input);
  for (const output of outputs) writer.text(NodeField.output, output);
  writer.text(NodeField.opType, opType);
  for (const [name, value] of Object.entries(attributes)) {
    writer.message(NodeField.attribute, attributeMessage(name, value));
  }
  if (domain !== '') writer.text(NodeField.domain, domain);
  return readNode(writer.finish());
}

function attributeMessage(name: string, value: AttributeValue): WireWriter {
  const { text, integer, integers, float, type } = AttributeField;
  const message = new WireWriter().text(AttributeField.name, name);
  if (typeof value === 'number') return message.integer(integer, value).integer(type, AttributeType.integer);
  if (typeof value === 'string') return message.text(text, value).integer(type, AttributeType.text);
  if ('float' in value) return message.float(float, value.float).integer(type, AttributeType.float);
  for (const number of value) message.integer(integers, number);
  return message.integer(type, AttributeType.integers);
}

/** A new float32 or int64 constant. */
export function makeTensor(
  name: string,
  type: typeof TensorType.float | typeof TensorType.int64,
  dims: readonly number[],
  values: readonly number[],
): OnnxTensor {
  const writer = new WireWriter();
  for (const dim of dims) writer.integer(TensorField.dims, dim);
  writer.integer(TensorField.type, type);
  for (const value of values) {
    if (type === TensorType.float) writer.float(TensorField.floats, value);
    else writer.integer(TensorField.int64s, value);
  }
  return readTensor(writer.text(TensorField.name, name).finish());
}

/** A constant under another name. */
export function renameTensor(tensor: OnnxTensor, name: string): OnnxTensor {
  if (tensor.name === name) return tensor;
  const writer = withoutField(tensor.bytes, TensorField.name);
  return { ...tensor, name, bytes: writer.text(TensorField.name, name).finish() };
}

/** A constant whose elements lie in a file of another name. */
export function relocateTensor(
  tensor: OnnxTensor,
  external: NonNullable<OnnxTensor['external']>,
): OnnxTensor {
  const writer = withoutField(tensor.bytes, TensorField.external);
  const { location, offset, length } = external;
  const entries = { location, offset: String(offset), ...(length !== null && { length: String(length) }) };
  for (const [key, value] of Object.entries(entries)) {
    const entry = new WireWriter().text(EntryField.key, key).text(EntryField.value, value);
    writer.message(TensorField.external, entry);
  }
  return { ...tensor, external, bytes: writer.finish() };
}

/** A message under construction that has all fields of another but one. */
export function withoutField(message: Uint8Array, field: number): WireWriter {
  const writer = new WireWriter();
  const fields = new WireReader(message);
  while (fields.next()) {
    if (fields.field !== field) writer.raw(message.subarray(fields.tagStart, fields.end));
  }
  return writer;
}

/**
 * A graph input.
 * @param type of its elements, of `TensorType`
 * @param shape a symbol stands for a size that each run may choose; null: of any
 */
export function makeInput(name: string, type: number, shape: readonly (number | string)[] | null): OnnxValue {
  const dimensions = new WireWriter();
  for (const size of shape ?? []) {
    const dimension = new WireWriter();
    if (typeof size === 'number') dimension.integer(DimensionField.size, size);
    else dimension.text(DimensionField.symbol, size);
    dimensions.message(ShapeField.dimension, dimension);
  }
  const tensor = new WireWriter().integer(TensorTypeField.element, type);
  if (shape) tensor.message(TensorTypeField.shape, dimensions);
  const message = new WireWriter()
    .text(ValueField.name, name)
    .message(ValueField.type, new WireWriter().message(TypeField.tensor, tensor));
  return readValue(message.finish());
}

/** A graph output by name alone: onnxruntime infers its type and shape. */
export function makeOutput(name: string): OnnxValue {
  return readValue(new WireWriter().text(ValueField.name, name).finish());
}
