import { LensError } from '../../common/errors';
import type { OnnxFunction, OnnxModel, OnnxNode } from '../protobuf/model';
import { renameNode } from './renameNode';

/** Functions that call functions, deeper than any exporter goes. */
const DEEPEST_CALL = 16;
/** More operators than the largest real models have. */
const MOST_NODES = 1_000_000;

/**
 * Replaces every call of a model-local function by the function's body, so that each call has tensors of its own.
 * @throws LensError `invalid-model` when functions call each other in a circle
 */
export function inlineFunctions(model: OnnxModel): OnnxModel {
  if (model.functions.length === 0) return model;
  const functions = new Map(model.functions.map((body) => [`${body.domain}::${body.name}`, body]));
  const nodes: OnnxNode[] = [];
  let calls = 0;

  const place = (node: OnnxNode, depth: number): void => {
    const body = functions.get(`${node.domain}::${node.opType}`);
    if (!body) {
      nodes.push(node);
      return;
    }
    if (depth > DEEPEST_CALL || nodes.length > MOST_NODES || calls > MOST_NODES) {
      throw new LensError('invalid-model', 'The model has functions that call each other without end.');
    }
    for (const inner of expandCall(node, body, `call${calls++}/`)) place(inner, depth + 1);
  };
  for (const node of model.graph.nodes) place(node, 0);
  return { ...model, graph: { ...model.graph, nodes }, functions: [] };
}

function expandCall(call: OnnxNode, body: OnnxFunction, prefix: string): OnnxNode[] {
  const names = new Map<string, string>();
  for (const node of body.nodes) for (const output of node.outputs) names.set(output, prefix + output);
  body.inputs.forEach((formal, index) => names.set(formal, call.inputs[index] ?? ''));
  body.outputs.forEach((formal, index) => {
    const actual = call.outputs[index];
    if (actual !== undefined && actual !== '') names.set(formal, actual);
  });
  const binding = {
    rename: (tensor: string) => names.get(tensor) ?? tensor,
    attribute: (name: string) => call.attributes.get(name) ?? body.defaults.get(name) ?? null,
  };
  return body.nodes.map((node) => renameNode(node, binding));
}
