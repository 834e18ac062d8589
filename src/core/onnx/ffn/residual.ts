import type { GraphIndex } from '../graph/graphIndex';
import { namesRead } from '../graph/namesRead';
import type { OnnxNode } from '../protobuf/model';
import { linearOf } from './linearOf';
import { dataInputs } from './operators';
import { beforeReshapes } from './reshapes';

const MIXES_TOKENS = new Set(['MatMul', 'Softmax', 'Attention', 'MultiHeadAttention', 'GroupQueryAttention']);
const ADDITIONS = new Set(['Add', 'Sum', 'QLinearAdd']);
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
      if (ADDITIONS.has(node.opType) || node.opType.startsWith('Skip')) {
        upstream ??= tensorsBefore(index, input);
        const side = upstream;
        const others = terms(node).filter((name) => !seen.has(name));
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
  const base = beforeReshapes(index, { name: tensor, axis: -1, rank: null }).name;
  if (base === input) return true;
  if (index.isConstant(base)) return false;
  if (upstream.has(base)) return true;
  const node = index.producer(base);
  if (!node || depth >= DEEPEST_SUM || !(ADDITIONS.has(node.opType) || isScaling(index, node))) return false;
  return terms(node).some((name) => comesBefore(index, name, input, upstream, depth + 1));
}

/** What a node adds up; a norm that is fused with an addition reads scale and bias behind the two terms. */
function terms(node: OnnxNode): readonly string[] {
  return node.opType.startsWith('Skip') ? node.inputs.slice(0, 2) : dataInputs(node);
}

/** DeepNorm and its kin add the output to a multiple of the stream. */
function isScaling(index: GraphIndex, { opType, inputs }: OnnxNode): boolean {
  return (opType === 'Mul' || opType === 'Div') && inputs.some((name) => index.isConstant(name));
}
