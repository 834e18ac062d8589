import { LensError } from '../../common/errors';
import {
  AttributeField,
  DimensionField,
  EntryField,
  EXTERNAL,
  GraphField,
  NodeField,
  ShapeField,
  TensorField,
  TensorTypeField,
  TypeField,
  ValueField,
} from './fields';
import type { OnnxAttribute, OnnxGraph, OnnxNode, OnnxTensor, OnnxValue } from './model';
import { WireReader } from './wireReader';

/** Graphs within graphs that any real model stays far below. */
const DEEPEST_GRAPH = 16;
/** Operators of the largest real models, mixtures of hundreds of experts, a few times over. */
const MOST_NODES = 1_000_000;
const MOST_DIMENSIONS = 32;

/** A graph that is still being read: a message that occurs twice is merged (protobuf encoding guide). */
interface GrowingGraph extends OnnxGraph {
  readonly nodes: OnnxNode[];
  readonly initializers: Map<string, OnnxTensor>;
  readonly inputs: OnnxValue[];
  readonly outputs: OnnxValue[];
  readonly values: OnnxValue[];
}

export function emptyGraph(): GrowingGraph {
  return { nodes: [], initializers: new Map(), inputs: [], outputs: [], values: [] };
}

/** Reads the fields of a GraphProto into a graph. */
export function addGraphFields(graph: GrowingGraph, bytes: Uint8Array, depth: number): void {
  if (depth > DEEPEST_GRAPH)
    throw new LensError('invalid-model', 'nests its graphs too deeply to be a model');
  const reader = new WireReader(bytes);
  while (reader.next()) {
    switch (reader.field) {
      case GraphField.node:
        graph.nodes.push(readNode(reader.view(), depth));
        if (graph.nodes.length > MOST_NODES) throw new LensError('invalid-model', 'holds too many operators');
        break;
      case GraphField.initializer: {
        const tensor = readTensor(reader.view());
        graph.initializers.set(tensor.name, tensor);
        break;
      }
      case GraphField.input:
        graph.inputs.push(readValue(reader.view()));
        break;
      case GraphField.output:
        graph.outputs.push(readValue(reader.view()));
        break;
      case GraphField.valueInfo:
        graph.values.push(readValue(reader.view()));
        break;
    }
  }
}

/** @param depth how many graphs it lies within */
export function readNode(bytes: Uint8Array, depth = 0): OnnxNode {
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes = new Map<string, OnnxAttribute>();
  let name = '';
  let opType = '';
  let domain = '';
  const reader = new WireReader(bytes);
  while (reader.next()) {
    if (reader.field === NodeField.input) inputs.push(reader.text());
    else if (reader.field === NodeField.output) outputs.push(reader.text());
    else if (reader.field === NodeField.name) name = reader.text();
    else if (reader.field === NodeField.opType) opType = reader.text();
    else if (reader.field === NodeField.attribute) {
      const attribute = readAttribute(reader.view(), depth);
      attributes.set(attribute.name, attribute);
    } else if (reader.field === NodeField.domain) domain = reader.text();
  }
  if (opType === '') throw new LensError('invalid-model', 'holds an operator without a type');
  return { name, opType, domain: domain === 'ai.onnx' ? '' : domain, inputs, outputs, attributes, bytes };
}

export function readAttribute(bytes: Uint8Array, depth: number): OnnxAttribute {
  const integers: number[] = [];
  let name = '';
  let integer: number | null = null;
  let float: number | null = null;
  let text: string | null = null;
  let tensor: OnnxTensor | null = null;
  let graph: GrowingGraph | null = null;
  let reference: string | null = null;
  const reader = new WireReader(bytes);
  while (reader.next()) {
    switch (reader.field) {
      case AttributeField.name:
        name = reader.text();
        break;
      case AttributeField.float:
        float = reader.float();
        break;
      case AttributeField.integer:
        integer = reader.integer();
        break;
      case AttributeField.text:
        text = reader.text();
        break;
      case AttributeField.tensor:
        tensor = readTensor(reader.view());
        break;
      case AttributeField.graph:
        graph ??= emptyGraph();
        addGraphFields(graph, reader.view(), depth + 1);
        break;
      case AttributeField.integers:
        reader.integers(integers);
        break;
      case AttributeField.reference:
        reference = reader.text();
        break;
    }
  }
  return { name, integer, float, text, integers, tensor, graph, reference, bytes };
}

export function readTensor(bytes: Uint8Array): OnnxTensor {
  const dims: number[] = [];
  const entries = new Map<string, string>();
  let name = '';
  let type = 0;
  let isExternal = false;
  const reader = new WireReader(bytes);
  while (reader.next()) {
    if (reader.field === TensorField.dims) reader.integers(dims);
    else if (reader.field === TensorField.type) type = reader.integer();
    else if (reader.field === TensorField.name) name = reader.text();
    else if (reader.field === TensorField.external) addEntry(entries, reader.view());
    else if (reader.field === TensorField.location) isExternal = reader.integer() === EXTERNAL;
  }
  if (dims.length > MOST_DIMENSIONS || dims.some((dim) => dim < 0)) {
    throw new LensError('invalid-model', `gives the weight "${name}" an impossible shape`);
  }
  const length = entries.get('length');
  const external = isExternal
    ? {
        location: entries.get('location') ?? '',
        offset: Number(entries.get('offset') ?? 0),
        length: length === undefined ? null : Number(length),
      }
    : null;
  return { name, dims, type, bytes, external };
}

function addEntry(entries: Map<string, string>, bytes: Uint8Array): void {
  let key = '';
  let value = '';
  const reader = new WireReader(bytes);
  while (reader.next()) {
    if (reader.field === EntryField.key) key = reader.text();
    if (reader.field === EntryField.value) value = reader.text();
  }
  entries.set(key, value);
}

export function readValue(bytes: Uint8Array): OnnxValue {
  let name = '';
  let tensorType: Uint8Array | null = null;
  const reader = new WireReader(bytes);
  while (reader.next()) {
    if (reader.field === ValueField.name) name = reader.text();
    if (reader.field === ValueField.type) tensorType = fieldOf(reader.view(), TypeField.tensor);
  }
  if (!tensorType) return { name, type: null, shape: null, bytes };
  let type: number | null = null;
  let shape: (number | string | null)[] | null = null;
  const fields = new WireReader(tensorType);
  while (fields.next()) {
    if (fields.field === TensorTypeField.element) type = fields.integer();
    if (fields.field === TensorTypeField.shape) shape = readShape(fields.view());
  }
  return { name, type, shape, bytes };
}

function readShape(bytes: Uint8Array): (number | string | null)[] {
  const shape: (number | string | null)[] = [];
  const reader = new WireReader(bytes);
  while (reader.next()) {
    if (reader.field !== ShapeField.dimension) continue;
    let size: number | string | null = null;
    const dimension = new WireReader(reader.view());
    while (dimension.next()) {
      if (dimension.field === DimensionField.size) size = dimension.integer();
      if (dimension.field === DimensionField.symbol) size = dimension.text();
    }
    shape.push(size);
  }
  return shape;
}

/** @returns the last value of a message field, or null where it is absent. */
function fieldOf(bytes: Uint8Array, field: number): Uint8Array | null {
  let found: Uint8Array | null = null;
  const reader = new WireReader(bytes);
  while (reader.next()) if (reader.field === field) found = reader.view();
  return found;
}
