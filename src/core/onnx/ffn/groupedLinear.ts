import type { GraphIndex } from '../graph/graphIndex';
import type { OnnxNode } from '../protobuf/model';
import type { Linear } from './linear';
import { weightOf } from './weights';

/**
 * A projection in groups, each of which sees its own slice of the features (ConvBERT):
 * `Reshape → Transpose → MatMul(x, W[groups, in, out]) → Transpose → Reshape`, recognised by its last node.
 */
export function groupedLinear(index: GraphIndex, node: OnnxNode): Linear | null {
  const back = index.producer(node.inputs[0] ?? '');
  const product = back && swapsFirstTwo(back) ? index.producer(back.inputs[0] ?? '') : undefined;
  if (!product || !['MatMul', 'FusedMatMul'].includes(product.opType)) return null;
  const weight = weightOf(index, product.inputs[1] ?? '');
  const [groups, inside, outside] = weight?.dims ?? [];
  if (!weight || groups === undefined || inside === undefined || outside === undefined) return null;
  const split = index.producer(beforeSwap(index, product));
  if (split?.opType !== 'Reshape' || index.numbers(split.inputs[1] ?? '')?.at(-1) !== inside) return null;
  return {
    node,
    input: { name: split.inputs[0] ?? '', axis: -1, rank: null },
    output: { name: node.outputs[0] ?? '', axis: -1, rank: null },
    inFeatures: groups * inside,
    outFeatures: groups * outside,
    weight,
    stack: null,
    scale: 1,
    activation: null,
    matrix: null,
    packed: false,
  };
}

/** What the product reads before groups and tokens change places, which onnxruntime folds into the product. */
function beforeSwap(index: GraphIndex, product: OnnxNode): string {
  const input = product.inputs[0] ?? '';
  if (product.attributes.get('transBatchA')?.integer === 1) return input;
  const apart = index.producer(input);
  return apart && swapsFirstTwo(apart) ? (apart.inputs[0] ?? '') : '';
}

/** [tokens, groups, features] ↔ [groups, tokens, features] */
function swapsFirstTwo(node: OnnxNode): boolean {
  const order = node.attributes.get('perm')?.integers ?? [];
  return node.opType === 'Transpose' && order.length === 3 && order[0] === 1 && order[1] === 0;
}
