import { LensError, toLensError } from '../../common/errors';
import type {
  OnnxAttribute,
  OnnxFunction,
  OnnxGraph,
  OnnxModel,
  OnnxNode,
  OnnxTensor,
  OnnxValue,
} from './model';
import { WireReader } from './wireReader';

/** Graphs within graphs that any real model stays far below. */
const DEEPEST_GRAPH = 16;
/** Operators of the largest real models, mixtures of hundreds of experts, a few times over. */
const MOST_NODES = 1_000_000;
const MOST_DIMENSIONS = 32;

/**
 * Reads a model file. Weights are not copied: keep `bytes` unchanged as long as the model is in use.
 * @param file name for the error's sentence
 * @throws LensError `invalid-model`
 */
export function readModel(bytes: Uint8Array, file: string): OnnxModel {
  try {
    const model = readModelFields(bytes);
    if (model.graph.nodes.length === 0) {
      throw new LensError('invalid-model', 'is not an ONNX model: it holds no operators');
    }
    return model;
  } catch (thrown) {
    const error = toLensError(thrown);
    throw new LensError(
      'invalid-model',
      `${file} ${error.message}. Choose another file, or export it again.`,
      {
        cause: thrown,
      },
    );
  }
}

function readModelFields(bytes: Uint8Array): OnnxModel {
  const graph = emptyGraph();
  const functions: OnnxFunction[] = [];
  const opsets = new Map<string, number>();
  const header: Uint8Array[] = [];
  const reader = new WireReader(bytes);
  while (reader.next()) {
    if (reader.field === 7) addGraphFields(graph, reader.view(), 0);
    else if (reader.field === 25) functions.push(readFunction(reader.view()));
    else header.push(bytes.subarray(reader.tagStart, reader.end));
    if (reader.field === 8) {
      const { domain, version } = readOpset(reader.view());
      opsets.set(domain, version);
    }
  }
  return { graph, functions, opsets, header };
}

function readOpset(bytes: Uint8Array): { domain: string; version: number } {
  let domain = '';
  let version = 0;
  const reader = new WireReader(bytes);
  while (reader.next()) {
    if (reader.field === 1) domain = reader.text();
    if (reader.field === 2) version = reader.integer();
  }
  return { domain: domain === 'ai.onnx' ? '' : domain, version };
}

/** A graph that is still being read: a message that occurs twice is merged (protobuf encoding guide). */
interface GrowingGraph extends OnnxGraph {
  readonly nodes: OnnxNode[];
  readonly initializers: Map<string, OnnxTensor>;
  readonly inputs: OnnxValue[];
  readonly outputs: OnnxValue[];
  readonly values: OnnxValue[];
}

function emptyGraph(): GrowingGraph {
  return { nodes: [], initializers: new Map(), inputs: [], outputs: [], values: [] };
}

function addGraphFields(graph: GrowingGraph, bytes: Uint8Array, depth: number): void {
  if (depth > DEEPEST_GRAPH)
    throw new LensError('invalid-model', 'nests its graphs too deeply to be a model');
  const reader = new WireReader(bytes);
  while (reader.next()) {
    switch (reader.field) {
      case 1:
        graph.nodes.push(readNode(reader.view(), depth));
        if (graph.nodes.length > MOST_NODES) throw new LensError('invalid-model', 'holds too many operators');
        break;
      case 5: {
        const tensor = readTensor(reader.view());
        graph.initializers.set(tensor.name, tensor);
        break;
      }
      case 11:
        graph.inputs.push(readValue(reader.view()));
        break;
      case 12:
        graph.outputs.push(readValue(reader.view()));
        break;
      case 13:
        graph.values.push(readValue(reader.view()));
        break;
    }
  }
}

function readNode(bytes: Uint8Array, depth: number): OnnxNode {
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes = new Map<string, OnnxAttribute>();
  let name = '';
  let opType = '';
  let domain = '';
  const reader = new WireReader(bytes);
  while (reader.next()) {
    if (reader.field === 1) inputs.push(reader.text());
    else if (reader.field === 2) outputs.push(reader.text());
    else if (reader.field === 3) name = reader.text();
    else if (reader.field === 4) opType = reader.text();
    else if (reader.field === 5) {
      const attribute = readAttribute(reader.view(), depth);
      attributes.set(attribute.name, attribute);
    } else if (reader.field === 7) domain = reader.text();
  }
  if (opType === '') throw new LensError('invalid-model', 'holds an operator without a type');
  return { name, opType, domain: domain === 'ai.onnx' ? '' : domain, inputs, outputs, attributes, bytes };
}

function readAttribute(bytes: Uint8Array, depth: number): OnnxAttribute {
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
      case 1:
        name = reader.text();
        break;
      case 2:
        float = reader.float();
        break;
      case 3:
        integer = reader.integer();
        break;
      case 4:
        text = reader.text();
        break;
      case 5:
        tensor = readTensor(reader.view());
        break;
      case 6:
        graph ??= emptyGraph();
        addGraphFields(graph, reader.view(), depth + 1);
        break;
      case 8:
        reader.integers(integers);
        break;
      case 21:
        reference = reader.text();
        break;
    }
  }
  return { name, integer, float, text, integers, tensor, graph, reference, bytes };
}

function readTensor(bytes: Uint8Array): OnnxTensor {
  const dims: number[] = [];
  const entries = new Map<string, string>();
  let name = '';
  let type = 0;
  let isExternal = false;
  const reader = new WireReader(bytes);
  while (reader.next()) {
    if (reader.field === 1) reader.integers(dims);
    else if (reader.field === 2) type = reader.integer();
    else if (reader.field === 8) name = reader.text();
    else if (reader.field === 13) addEntry(entries, reader.view());
    else if (reader.field === 14) isExternal = reader.integer() === 1;
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
    if (reader.field === 1) key = reader.text();
    if (reader.field === 2) value = reader.text();
  }
  entries.set(key, value);
}

function readValue(bytes: Uint8Array): OnnxValue {
  let name = '';
  let tensorType: Uint8Array | null = null;
  const reader = new WireReader(bytes);
  while (reader.next()) {
    if (reader.field === 1) name = reader.text();
    if (reader.field === 2) tensorType = fieldOf(reader.view(), 1);
  }
  if (!tensorType) return { name, type: null, shape: null, bytes };
  let type: number | null = null;
  let shape: (number | string | null)[] | null = null;
  const fields = new WireReader(tensorType);
  while (fields.next()) {
    if (fields.field === 1) type = fields.integer();
    if (fields.field === 2) shape = readShape(fields.view());
  }
  return { name, type, shape, bytes };
}

function readShape(bytes: Uint8Array): (number | string | null)[] {
  const shape: (number | string | null)[] = [];
  const reader = new WireReader(bytes);
  while (reader.next()) {
    if (reader.field !== 1) continue;
    let size: number | string | null = null;
    const dimension = new WireReader(reader.view());
    while (dimension.next()) {
      if (dimension.field === 1) size = dimension.integer();
      if (dimension.field === 2) size = dimension.text();
    }
    shape.push(size);
  }
  return shape;
}

function readFunction(bytes: Uint8Array): OnnxFunction {
  const inputs: string[] = [];
  const outputs: string[] = [];
  const nodes: OnnxNode[] = [];
  const defaults = new Map<string, OnnxAttribute>();
  let name = '';
  let domain = '';
  const reader = new WireReader(bytes);
  while (reader.next()) {
    if (reader.field === 1) name = reader.text();
    else if (reader.field === 4) inputs.push(reader.text());
    else if (reader.field === 5) outputs.push(reader.text());
    else if (reader.field === 7) nodes.push(readNode(reader.view(), 0));
    else if (reader.field === 10) domain = reader.text();
    else if (reader.field === 11) {
      const attribute = readAttribute(reader.view(), 0);
      defaults.set(attribute.name, attribute);
    }
  }
  return { domain, name, inputs, outputs, defaults, nodes };
}

/** @returns the last value of a message field, or null where it is absent. */
function fieldOf(bytes: Uint8Array, field: number): Uint8Array | null {
  let found: Uint8Array | null = null;
  const reader = new WireReader(bytes);
  while (reader.next()) if (reader.field === field) found = reader.view();
  return found;
}
