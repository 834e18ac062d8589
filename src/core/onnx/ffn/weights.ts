import type { GraphIndex } from '../graph/graphIndex';
import { perGraph } from '../graph/perGraph';
import type { OnnxNode } from '../protobuf/model';
import { kindOf } from './operators';

/** A constant operand as a projection sees it, whatever stands between it and the stored weight. */
export interface Weight {
  /** Name of the stored weight: the same for all uses of tied weights. */
  readonly root: string;
  readonly dims: readonly number[];
  /** The expert numbers by which matrices are picked from a stack of them, or null. */
  readonly pickedBy: string | null;
  /** Which matrix of a stack this is, where a constant picks it. */
  readonly member: number | null;
}

const LONGEST_CHAIN = 24;
/** Operators one behind another that compute a weight from constants. */
const LONGEST_COMPUTATION = 8;

/** @returns null where `name` is not a constant of known shape. */
export const weightOf = perGraph((index, name: string) => findWeight(index, name, 0));

function findWeight(index: GraphIndex, name: string, depth: number): Weight | null {
  const tensor = index.tensor(name);
  if (tensor) return { root: name, dims: tensor.dims, pickedBy: null, member: null };
  const node = index.producer(name);
  if (!node || depth > LONGEST_CHAIN) return null;
  const source = (input: number): Weight | null => findWeight(index, node.inputs[input] ?? '', depth + 1);
  switch (node.opType) {
    case 'Identity':
    case 'Cast':
    case 'QuantizeLinear':
    case 'DequantizeLinear':
      return source(0);
    case 'Transpose':
      return transposed(node, source(0));
    case 'Reshape':
      return reshaped(source(0), index.numbers(node.inputs[1] ?? ''));
    case 'Squeeze':
      return squeezed(source(0), axesOf(index, node));
    case 'Unsqueeze':
      return unsqueezed(source(0), axesOf(index, node));
    case 'Gather':
    case 'GatherND':
      return picked(index, node, source(0));
    case 'Slice':
    case 'Split':
      return cut(index, node, name, source(0));
    default:
      return kindOf(node) === 'arithmetic' ? computed(index, node, depth) : null;
  }
}

/** The axes of Squeeze, Unsqueeze and the reductions: an attribute in old operator sets, an input in new ones. */
export function axesOf(index: GraphIndex, node: OnnxNode): readonly number[] {
  const attribute = node.attributes.get('axes')?.integers;
  return attribute ?? (node.inputs[1] === undefined ? [] : (index.numbers(node.inputs[1]) ?? []));
}

function transposed(node: OnnxNode, weight: Weight | null): Weight | null {
  if (!weight) return null;
  const order = node.attributes.get('perm')?.integers ?? [...weight.dims.keys()].reverse();
  return { ...weight, dims: order.map((axis) => weight.dims[axis] ?? 0) };
}

function reshaped(weight: Weight | null, shape: number[] | null): Weight | null {
  if (!weight || !shape) return null;
  const dims = shape.map((size, axis) => (size === 0 ? (weight.dims[axis] ?? 0) : size));
  const known = dims.reduce((product, size) => (size < 0 ? product : product * size), 1);
  const total = weight.dims.reduce((product, size) => product * size, 1);
  return { ...weight, dims: dims.map((size) => (size < 0 ? total / known : size)) };
}

function squeezed(weight: Weight | null, axes: readonly number[]): Weight | null {
  if (!weight) return null;
  const rank = weight.dims.length;
  const dropped = new Set(axes.map((axis) => (axis < 0 ? axis + rank : axis)));
  const dims = weight.dims.filter((size, axis) => (axes.length === 0 ? size !== 1 : !dropped.has(axis)));
  return { ...weight, dims };
}

function unsqueezed(weight: Weight | null, axes: readonly number[]): Weight | null {
  if (!weight) return null;
  const rank = weight.dims.length + axes.length;
  const dims = [...weight.dims];
  for (const axis of axes.map((at) => (at < 0 ? at + rank : at)).sort((a, b) => a - b))
    dims.splice(axis, 0, 1);
  return { ...weight, dims };
}

/** Whether a node takes parts of a constant that are chosen while the model runs. */
export function picksFromConstant(index: GraphIndex, { opType, inputs }: OnnxNode): boolean {
  return (opType === 'Gather' || opType === 'GatherND') && index.isConstant(inputs[0] ?? '');
}

/** One matrix of a stack, by a constant, or the matrices that a router's choice names. */
function picked(index: GraphIndex, node: OnnxNode, weight: Weight | null): Weight | null {
  if (!weight || weight.dims.length !== 3 || (node.attributes.get('axis')?.integer ?? 0) !== 0) return null;
  const chooser = node.inputs[1] ?? '';
  const constant = index.numbers(chooser, 1);
  const dims = weight.dims.slice(1);
  if (constant) return { ...weight, dims, member: constant[0] ?? null };
  return index.isConstant(chooser) ? null : { ...weight, dims, pickedBy: chooser };
}

/** A part of a stored weight, by constant bounds along one axis. */
function cut(index: GraphIndex, node: OnnxNode, name: string, weight: Weight | null): Weight | null {
  if (!weight) return null;
  const dims = [...weight.dims];
  const place = node.outputs.indexOf(name);
  if (node.opType === 'Split') {
    const axis = positive(node.attributes.get('axis')?.integer ?? 0, dims.length);
    const sizes = node.attributes.get('split')?.integers ?? index.numbers(node.inputs[1] ?? '') ?? [];
    const size = sizes[place] ?? (dims[axis] ?? 0) / node.outputs.length;
    dims[axis] = size;
    return { ...weight, dims, member: size === 1 ? place : weight.member };
  }
  const bounds = [1, 2, 3].map((input) => index.numbers(node.inputs[input] ?? '')?.[0]);
  const [start, end, at] = bounds;
  if (start === undefined || end === undefined) return null;
  const axis = positive(at ?? 0, dims.length);
  const length = dims[axis] ?? 0;
  const from = positive(start, length);
  dims[axis] = Math.min(end < 0 ? end + length : end, length) - from;
  return { ...weight, dims, member: dims[axis] === 1 ? from : weight.member };
}

/** A weight that the graph computes from constants: scaled, rounded, merged. */
function computed(index: GraphIndex, node: OnnxNode, depth: number): Weight | null {
  if (depth > LONGEST_COMPUTATION || !index.isConstant(node.outputs[0] ?? '')) return null;
  const operands = node.inputs.map((input) => findWeight(index, input, depth + 1));
  return operands.reduce<Weight | null>(
    (largest, operand) => (operand && operand.dims.length > (largest?.dims.length ?? -1) ? operand : largest),
    null,
  );
}

function positive(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}
