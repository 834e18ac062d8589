/** The field numbers of onnx.proto (IR version 11) that this program reads or writes, by message. */

export const ModelField = { irVersion: 1, graph: 7, opsetImport: 8, functions: 25 } as const;

export const OpsetField = { domain: 1, version: 2 } as const;

export const GraphField = { node: 1, name: 2, initializer: 5, input: 11, output: 12, valueInfo: 13 } as const;

export const NodeField = { input: 1, output: 2, name: 3, opType: 4, attribute: 5, domain: 7 } as const;

export const AttributeField = {
  name: 1,
  float: 2,
  integer: 3,
  text: 4,
  tensor: 5,
  graph: 6,
  integers: 8,
  type: 20,
  reference: 21,
} as const;

/** What `AttributeField.type` says of the field that holds the value. */
export const AttributeType = { float: 1, integer: 2, text: 3, tensor: 4, graph: 5, integers: 7 } as const;

export const TensorField = {
  dims: 1,
  type: 2,
  floats: 4,
  int32s: 5,
  int64s: 7,
  name: 8,
  raw: 9,
  doubles: 10,
  external: 13,
  location: 14,
} as const;

/** What `TensorField.location` says where the elements lie in another file. */
export const EXTERNAL = 1;

/** An entry of `TensorField.external`. */
export const EntryField = { key: 1, value: 2 } as const;

export const ValueField = { name: 1, type: 2 } as const;

/** Of the message in `ValueField.type`. */
export const TypeField = { tensor: 1 } as const;

/** Of the message in `TypeField.tensor`. */
export const TensorTypeField = { element: 1, shape: 2 } as const;

export const ShapeField = { dimension: 1 } as const;

export const DimensionField = { size: 1, symbol: 2 } as const;

export const FunctionField = {
  name: 1,
  input: 4,
  output: 5,
  node: 7,
  opsetImport: 9,
  domain: 10,
  attribute: 11,
} as const;
