import { GraphIndex } from '../graph/graphIndex';
import type { OnnxNode } from '../protobuf/model';
import type { OpaqueNode } from '../site';
import { ffnOf } from './ffn';
import type { RoutedFfn } from './layers';
import { linearOf } from './linearOf';
import { routingOf } from './routing';

/**
 * All FFNs of a graph in the order of their down projections, found by what the graph computes; names prove nothing.
 * Bottlenecks narrower than the residual stream are adapters where wider FFNs stand beside them, and left out.
 */
export function findFfns(index: GraphIndex): RoutedFfn[] {
  const found: RoutedFfn[] = [];
  for (const node of index.graph.nodes) {
    const down = linearOf(index, node);
    const ffn = down && ffnOf(index, down);
    if (!ffn) continue;
    const routing = routingOf(index, ffn);
    if (ffn.residual || routing) found.push({ ffn, routing });
  }
  const widest = Math.max(0, ...found.map(({ ffn }) => ffn.dFf / ffn.dModel));
  return found.filter(({ ffn, routing }) => routing ?? (ffn.dFf >= ffn.dModel || widest < 1));
}

const OPAQUE: Readonly<Record<string, string>> = {
  MoE: 'a fused mixture-of-experts operator hides its neurons',
  QMoE: 'a fused mixture-of-experts operator hides its neurons',
  MatMulNBitsMlp: 'a fused gated FFN operator keeps its gate and up projections to itself',
  FusedMLP: 'a fused FFN operator hides its neurons',
};

/** Operators that hold neurons which no output of the graph can reach, and loops that hold whole layers. */
export function findOpaqueNodes(index: GraphIndex): OpaqueNode[] {
  return index.graph.nodes.flatMap((node) => {
    const reason = OPAQUE[node.opType] ?? (holdsFfns(index, node) ? INSIDE : undefined);
    return reason === undefined ? [] : [{ node: node.name || (node.outputs[0] ?? node.opType), reason }];
  });
}

/** Of an FFN: two projections, an activation function, an addition. */
const FEWEST_NODES = 4;
const INSIDE =
  'a loop or a branch that is chosen while the model runs holds FFNs, and no output reaches into it';

/** Whether a loop or branch has FFNs in its body, whose weights may lie outside it. */
function holdsFfns({ model, graph }: GraphIndex, node: OnnxNode): boolean {
  return [...node.attributes.values()].some(({ graph: body }) => {
    if (!body || body.nodes.length < FEWEST_NODES) return false;
    const initializers = new Map([...graph.initializers, ...body.initializers]);
    return findFfns(new GraphIndex({ ...model, graph: { ...body, initializers } })).length > 0;
  });
}
