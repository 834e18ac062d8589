/**
 * An ONNX model as views over the bytes of its file: names and shapes are read, weights are only pointed at.
 * Field numbers follow onnx.proto (IR version 11).
 */

/** The element types of TensorProto that this program reads or writes. */
export const TensorType = {
  float: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  double: 11,
  bfloat16: 16,
} as const;

/** A constant. `bytes` is its whole TensorProto. */
export interface OnnxTensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly type: number;
  readonly bytes: Uint8Array;
  /** Where the elements lie when they are not in the model file. */
  readonly external: {
    readonly location: string;
    readonly offset: number;
    readonly length: number | null;
  } | null;
}

export interface OnnxAttribute {
  readonly name: string;
  readonly integer: number | null;
  readonly float: number | null;
  readonly text: string | null;
  readonly integers: readonly number[];
  readonly tensor: OnnxTensor | null;
  readonly graph: OnnxGraph | null;
  /** Within a function: the function's own attribute that this one takes its value from. */
  readonly reference: string | null;
  readonly bytes: Uint8Array;
}

/** One operator. `bytes` is its whole NodeProto. An omitted input or output is an empty name. */
export interface OnnxNode {
  readonly name: string;
  readonly opType: string;
  /** Empty for the standard operators. */
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, OnnxAttribute>;
  readonly bytes: Uint8Array;
}

/** A named input, output or annotated tensor. `bytes` is its whole ValueInfoProto. */
export interface OnnxValue {
  readonly name: string;
  /** Element type, null where the file does not say. */
  readonly type: number | null;
  /** A number, a symbol, or null for an unknown dimension; null where the file gives no shape. */
  readonly shape: readonly (number | string | null)[] | null;
  readonly bytes: Uint8Array;
}

export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[];
  readonly initializers: ReadonlyMap<string, OnnxTensor>;
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly values: readonly OnnxValue[];
}

export interface OnnxFunction {
  readonly domain: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Defaults of its attributes. */
  readonly defaults: ReadonlyMap<string, OnnxAttribute>;
  readonly nodes: readonly OnnxNode[];
}

export interface OnnxModel {
  readonly graph: OnnxGraph;
  readonly functions: readonly OnnxFunction[];
  /** Version of each operator set by domain; the standard one has the empty domain. */
  readonly opsets: ReadonlyMap<string, number>;
  /** The fields beside graph and functions, as they are in the file. */
  readonly header: readonly Uint8Array[];
}
