import type { GraphIndex } from '../graph/graphIndex';
import type { OnnxNode } from '../protobuf/model';
import type { FeatureTensor } from './linear';
import { kindOf } from './operators';
import { axesOf } from './weights';

/**
 * The tensor that a reshaping node reads, with the features followed to their axis there.
 * @param features number of features, to tell a reshaping of whole tokens from one that takes tokens apart; null: do not check
 * @returns null where the features do not survive as one axis, such as the heads of attention
 */
export function beforeReshape(
  index: GraphIndex,
  node: OnnxNode,
  reshaped: FeatureTensor,
  features: number | null,
): FeatureTensor | null {
  const name = node.inputs[0];
  if (name === undefined || name === '') return null;
  switch (node.opType) {
    case 'Transpose':
      return sourceOfTranspose(node, name, reshaped);
    case 'Reshape':
      return keepsFeatures(index, node, reshaped, features)
        ? { name, axis: reshaped.axis === 1 && reshaped.rank === 2 ? -1 : reshaped.axis, rank: null }
        : null;
    case 'Flatten':
      return { name, axis: -1, rank: null };
    case 'Squeeze':
      return { name, axis: beforeSqueeze(reshaped.axis, axesOf(index, node)), rank: null };
    case 'Unsqueeze':
      return { name, axis: beforeUnsqueeze(reshaped.axis, axesOf(index, node)), rank: null };
    default:
      return { ...reshaped, name };
  }
}

/** Climbs through reshaping nodes to the tensor above them all. */
export function beforeReshapes(
  index: GraphIndex,
  reshaped: FeatureTensor,
  features: number | null = null,
): FeatureTensor {
  let base = reshaped;
  for (let steps = 0; steps < 64; steps++) {
    const node = index.producer(base.name);
    if (!node || kindOf(node) !== 'reshape' || node.outputs[0] !== base.name) return base;
    const source = beforeReshape(index, node, base, features);
    if (!source) return base;
    base = source;
  }
  return base;
}

/** Where the features of `source` lie in the output of a node that reshapes it; the counterpart of `beforeReshape`. */
export function reshapedBy(node: OnnxNode, source: FeatureTensor): FeatureTensor {
  const name = node.outputs[0] ?? '';
  if (node.opType === 'Reshape') {
    const isLast = source.axis === -1 || source.axis + 1 === source.rank;
    return { name, axis: isLast ? -1 : source.axis, rank: null };
  }
  if (node.opType !== 'Transpose') return { ...source, name };
  const order = node.attributes.get('perm')?.integers ?? [];
  const rank = order.length;
  const axis = order.indexOf(source.axis < 0 ? source.axis + rank : source.axis);
  return { name, axis: axis - rank, rank };
}

function sourceOfTranspose(node: OnnxNode, name: string, reshaped: FeatureTensor): FeatureTensor | null {
  const order = node.attributes.get('perm')?.integers ?? (reshaped.rank === 2 ? [1, 0] : null);
  if (!order) return null;
  const rank = order.length;
  const axis = order[reshaped.axis < 0 ? reshaped.axis + rank : reshaped.axis];
  return axis === undefined ? null : { name, axis: axis - rank, rank };
}

function keepsFeatures(
  index: GraphIndex,
  node: OnnxNode,
  reshaped: FeatureTensor,
  features: number | null,
): boolean {
  if (features === null || (reshaped.axis !== -1 && !(reshaped.axis === 1 && reshaped.rank === 2)))
    return true;
  const last = lastOfShape(index, node.inputs[1] ?? '');
  return last === null || last === -1 || last === 0 || last === features;
}

/** The last entry of a shape that may be put together at run time. */
export function lastOfShape(index: GraphIndex, name: string): number | null {
  const numbers = index.numbers(name);
  if (numbers) return numbers.at(-1) ?? null;
  const node = index.producer(name);
  return node?.opType === 'Concat' ? lastOfShape(index, node.inputs.at(-1) ?? '') : null;
}

function beforeSqueeze(axis: number, squeezed: readonly number[]): number {
  return axis < 0 && squeezed.some((at) => at === -1 || at > 0) && squeezed.length === 1 && axis === -1
    ? squeezed[0] === -1
      ? -2
      : axis
    : axis;
}

/** A column vector made of a token's features, as products with the weight on the left want them. */
function beforeUnsqueeze(axis: number, added: readonly number[]): number {
  return axis === -2 && added.length === 1 && added[0] !== 0 ? -1 : axis;
}
