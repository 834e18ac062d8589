import { LensError } from '../../common/errors';
import type { OnnxFunction, OnnxModel, OnnxNode } from '../protobuf/model';
import { renameNode } from './renameNode';

/** Functions that call functions, deeper than any exporter goes. */
const DEEPEST_CALL = 16;
/** Operators that calls may become: the largest models have some thirty thousand. */
const MOST_NODES = 50_000;
/** Bytes of these operators, constants among them that each call has anew. */
const MOST_BYTES = 256 * 2 ** 20;

/**
 * Replaces every call of a model-local function by the function's body, so that each call has tensors of its own.
 * Constants that are the same for every call are laid down once.
 * @throws LensError `invalid-model` when functions call each other in a circle, or become larger than any model is
 */
export function inlineFunctions(model: OnnxModel): OnnxModel {
  if (model.functions.length === 0) return model;
  const functions = new Map(model.functions.map((body) => [keyOf(body.domain, body.name), body]));
  requireFewNodes(model.graph.nodes, functions);
  const nodes: OnnxNode[] = [];
  const shared = new Map<OnnxFunction, ReadonlyMap<string, string>>();
  let calls = 0;
  let bytes = 0;

  const place = (node: OnnxNode): void => {
    const body = functions.get(keyOf(node.domain, node.opType));
    if (!body) {
      nodes.push(node);
      return;
    }
    let constants = shared.get(body);
    if (!constants) {
      const found = sharedConstants(body, `function${shared.size}/`);
      nodes.push(...found.nodes);
      constants = found.names;
      shared.set(body, constants);
    }
    for (const inner of expandCall(node, body, constants, `call${calls++}/`)) {
      bytes += inner.bytes.length;
      if (bytes > MOST_BYTES) throw tooLarge('bytes');
      place(inner);
    }
  };
  for (const node of model.graph.nodes) place(node);
  return { ...model, graph: { ...model.graph, nodes }, functions: [] };
}

function keyOf(domain: string, name: string): string {
  return `${domain}::${name}`;
}

/** Counts what calls become without laying it down: functions that call each other grow by powers. */
function requireFewNodes(nodes: readonly OnnxNode[], functions: ReadonlyMap<string, OnnxFunction>): void {
  const counted = new Map<string, number>();
  const countOf = (node: OnnxNode, depth: number): number => {
    const key = keyOf(node.domain, node.opType);
    const body = functions.get(key);
    if (!body) return 1;
    if (depth > DEEPEST_CALL) {
      throw new LensError('invalid-model', 'The model has functions that call each other without end.');
    }
    const known = counted.get(key);
    if (known !== undefined) return known;
    const count = body.nodes.reduce((sum, inner) => sum + countOf(inner, depth + 1), 1);
    counted.set(key, count);
    return count;
  };
  const calls = nodes.filter(({ domain, opType }) => functions.has(keyOf(domain, opType)));
  if (calls.reduce((sum, node) => sum + countOf(node, 0), 0) > MOST_NODES) throw tooLarge('operators');
}

function tooLarge(what: string): LensError {
  return new LensError(
    'invalid-model',
    `The functions of the model become more ${what} than any model has when they are written out.`,
  );
}

/** The constants of a function that no call changes, under names of their own, and these by their names within it. */
function sharedConstants(
  { nodes, outputs }: OnnxFunction,
  prefix: string,
): { nodes: OnnxNode[]; names: ReadonlyMap<string, string> } {
  const constants = nodes.filter(
    (node) =>
      node.opType === 'Constant' &&
      node.domain === '' &&
      node.inputs.length === 0 &&
      [...node.attributes.values()].every(({ reference }) => reference === null) &&
      !node.outputs.some((name) => outputs.includes(name)),
  );
  const names = new Map(
    constants.flatMap((node) => node.outputs.map((name) => [name, prefix + name] as const)),
  );
  const rename = (name: string): string => names.get(name) ?? name;
  return { nodes: constants.map((node) => renameNode(node, { rename, attribute: () => null })), names };
}

function expandCall(
  call: OnnxNode,
  body: OnnxFunction,
  constants: ReadonlyMap<string, string>,
  prefix: string,
): OnnxNode[] {
  const names = new Map<string, string>();
  const own = body.nodes.filter(({ outputs }) => !outputs.some((name) => constants.has(name)));
  for (const node of own) for (const output of node.outputs) names.set(output, prefix + output);
  for (const [name, outside] of constants) names.set(name, outside);
  body.inputs.forEach((formal, index) => names.set(formal, call.inputs[index] ?? ''));
  body.outputs.forEach((formal, index) => {
    const actual = call.outputs[index];
    if (actual !== undefined && actual !== '') names.set(formal, actual);
  });
  const binding = {
    rename: (tensor: string) => names.get(tensor) ?? tensor,
    attribute: (name: string) => call.attributes.get(name) ?? body.defaults.get(name) ?? null,
  };
  return own.map((node) => renameNode(node, binding));
}
