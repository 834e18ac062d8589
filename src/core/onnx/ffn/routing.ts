import type { GraphIndex } from '../graph/graphIndex';
import type { Ffn } from './ffn';
import { dataInputs, kindOf } from './operators';
import { beforeReshapes } from './reshapes';

/**
 * How the rows of an expert's tensors belong to tokens.
 * `gathered`: row r is the token whose number stands at r in `rows`.
 * `picked`: the experts that the router picked stand one after another for each token; `rows` holds the expert of each row.
 * `stacked`: every expert computes every token, [experts, tokens, …]; `weights` is 0 where the router does not use it.
 */
export type Routing =
  | { readonly kind: 'gathered'; readonly rows: string; readonly source: string }
  | { readonly kind: 'picked'; readonly rows: string; readonly experts: number; readonly source: string }
  | {
      readonly kind: 'stacked';
      readonly weights: string | null;
      readonly experts: number;
      readonly source: string;
    };

/** @returns null for an FFN that every token passes through. */
export function routingOf(index: GraphIndex, ffn: Ffn): Routing | null {
  const source = ffn.input.name;
  const { weight, stack } = ffn.down;
  if (weight.pickedBy !== null) {
    const experts = index.tensor(weight.root)?.dims[0] ?? 0;
    return { kind: 'picked', rows: weight.pickedBy, experts, source: sourceOfRows(index, source) };
  }
  if (stack !== null) {
    return { kind: 'stacked', weights: routingWeights(index, ffn), experts: stack, source };
  }
  const node = index.producer(source);
  if (!node || !['Gather', 'GatherND'].includes(node.opType)) return null;
  const rows = node.inputs[1] ?? '';
  if (index.isConstant(rows) || index.isConstant(node.inputs[0] ?? '')) return null;
  return { kind: 'gathered', rows, source: beforeReshapes(index, feature(node.inputs[0] ?? '')).name };
}

/** The tokens before they are repeated for each expert that they go to. */
function sourceOfRows(index: GraphIndex, name: string): string {
  const node = index.producer(name);
  if (!node || !['Gather', 'GatherND', 'Expand', 'Tile'].includes(node.opType)) return name;
  return beforeReshapes(index, feature(node.inputs[0] ?? '')).name;
}

/** What multiplies the experts' outputs before they are summed. */
function routingWeights(index: GraphIndex, ffn: Ffn): string | null {
  let tensor = ffn.down.output.name;
  for (let steps = 0; steps < 16; steps++) {
    const node = index.consumers(tensor).find((reader) => ['reshape', 'arithmetic'].includes(kindOf(reader)));
    if (!node) return null;
    const current = tensor;
    const other = dataInputs(node).find((name) => name !== current && !index.isConstant(name));
    if (node.opType === 'Mul' && other !== undefined) return other;
    tensor = node.outputs[0] ?? '';
  }
  return null;
}

function feature(name: string): { name: string; axis: number; rank: null } {
  return { name, axis: -1, rank: null };
}
