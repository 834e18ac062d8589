import { LensError, toLensError } from '../../common/errors';
import { FunctionField, ModelField, OpsetField } from './fields';
import type { OnnxAttribute, OnnxFunction, OnnxModel, OnnxNode } from './model';
import { addGraphFields, emptyGraph, readAttribute, readNode } from './readElements';
import { WireReader } from './wireReader';

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
    if (reader.field === ModelField.graph) addGraphFields(graph, reader.view(), 0);
    else if (reader.field === ModelField.functions) functions.push(readFunction(reader.view()));
    else header.push(bytes.subarray(reader.tagStart, reader.end));
    if (reader.field === ModelField.opsetImport) {
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
    if (reader.field === OpsetField.domain) domain = reader.text();
    if (reader.field === OpsetField.version) version = reader.integer();
  }
  return { domain: domain === 'ai.onnx' ? '' : domain, version };
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
    if (reader.field === FunctionField.name) name = reader.text();
    else if (reader.field === FunctionField.input) inputs.push(reader.text());
    else if (reader.field === FunctionField.output) outputs.push(reader.text());
    else if (reader.field === FunctionField.node) nodes.push(readNode(reader.view(), 0));
    else if (reader.field === FunctionField.domain) domain = reader.text();
    else if (reader.field === FunctionField.attribute) {
      const attribute = readAttribute(reader.view(), 0);
      defaults.set(attribute.name, attribute);
    }
  }
  return { domain, name, inputs, outputs, defaults, nodes };
}
