import { namesRead, type GraphIndex } from '../graph/graphIndex';
import { linearOf } from './linear';
import { baseOfViews } from './views';

const MIXES_TOKENS = new Set(['MatMul', 'Softmax', 'Attention', 'MultiHeadAttention', 'GroupQueryAttention']);
const FARTHEST = 400;
/** Terms of a residual sum: the stream, attention, and what else runs beside the FFN. */
const DEEPEST_SUM = 4;

/**
 * Whether what an FFN writes is added to what it reads: its output, through norms, scales and routing but through no
 * further weights, meets an addition whose other side the FFN's input comes from.
 */
export function joinsResidual(index: GraphIndex, output: string, input: string): boolean {
  let upstream: Set<string> | null = null;
  const seen = new Set<string>([output]);
  const open = [output];
  for (let at = 0; at < open.length && at < FARTHEST; at++) {
    const tensor = open[at] ?? '';
    for (const node of index.consumers(tensor)) {
      if (node.opType === 'Add' || node.opType.startsWith('Skip')) {
        upstream ??= tensorsBefore(index, input);
        const side = upstream;
        const others = node.inputs.slice(0, 2).filter((name) => !seen.has(name));
        if (others.some((name) => comesBefore(index, name, input, side))) return true;
      }
      if (MIXES_TOKENS.has(node.opType) || linearOf(index, node)) continue;
      for (const name of node.outputs) {
        if (name === '' || seen.has(name)) continue;
        seen.add(name);
        open.push(name);
      }
    }
  }
  return false;
}

/** What the nodes before the FFN read and write; a fused norm writes the stream beside the normed one. */
function tensorsBefore(index: GraphIndex, input: string): Set<string> {
  const nodes = [...index.ancestors([input], FARTHEST)];
  return new Set(nodes.flatMap((node) => [...namesRead(node), ...node.outputs]));
}

/** Whether a tensor, or a sum that it stands for, is the FFN's input or comes before it. */
function comesBefore(
  index: GraphIndex,
  tensor: string,
  input: string,
  upstream: ReadonlySet<string>,
  depth = 0,
): boolean {
  const base = baseOfViews(index, { name: tensor, axis: -1, rank: null }).name;
  if (base === input) return true;
  if (index.isConstant(base)) return false;
  if (upstream.has(base)) return true;
  const node = index.producer(base);
  if (node?.opType !== 'Add' || depth >= DEEPEST_SUM) return false;
  return node.inputs.some((name) => comesBefore(index, name, input, upstream, depth + 1));
}
