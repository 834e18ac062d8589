import type { GraphIndex } from '../graph/graphIndex';
import type { OnnxNode } from '../protobuf/model';
import { halfOf, type FeatureHalf } from './halves';
import type { FeatureTensor, Linear } from './linear';
import { linearOf } from './linearOf';
import { dataInputs, kindOf } from './operators';
import { beforeReshapes, beforeReshape } from './reshapes';
import { picksFromConstant, weightOf } from './weights';

/** A projection that a traced tensor is computed from, element by element. */
export interface Root {
  readonly linear: Linear;
  /** The projection's output, or the half of it. */
  readonly tensor: FeatureTensor;
  readonly half: FeatureHalf | null;
  /** Whether a non-linearity stands on the way: then this is the gate, or the only pre-activation. */
  activated: boolean;
}

/** Everything between a tensor and the projections that it comes from. */
export interface Trace {
  readonly roots: readonly Root[];
  /** The element-wise and reshaping nodes passed on the way. */
  readonly nodes: ReadonlySet<OnnxNode>;
  /** The tensor that a normalisation between the product and the down projection reads, or null. */
  readonly normalised: string | null;
  /** Means and sums over a token's features that norms are written out with. */
  readonly statistics: readonly string[];
}

/** More projections than any FFN joins, LoRA branches included. */
const MOST_ROOTS = 8;
/** More steps than the element-wise part of any FFN takes. */
const MOST_STEPS = 1000;

interface Step {
  readonly tensor: FeatureTensor;
  readonly activated: boolean;
  readonly half: (FeatureHalf & { readonly name: string; readonly tensor: FeatureTensor }) | null;
  /** Above a depthwise convolution only the projection itself, its bias and reshaping may follow. */
  readonly convolved: boolean;
  readonly normed: boolean;
}

/**
 * Follows a tensor upwards through element-wise operators to the projections behind it.
 * @param features width of the tensor
 * @param pickedBy the expert numbers by which an expert's weights are picked, or null
 * @returns null where anything else feeds it: attention, embeddings, pooling, another token's values
 */
export function traceProjections(
  index: GraphIndex,
  start: FeatureTensor,
  features: number,
  pickedBy: string | null,
): Trace | null {
  const roots = new Map<string, Root>();
  const nodes = new Set<OnnxNode>();
  const seen = new Set<string>();
  let normalised: string | null = null;
  const statistics: string[] = [];
  const open: Step[] = [{ tensor: start, activated: false, half: null, convolved: false, normed: false }];

  for (let step = open.pop(); step; step = open.pop()) {
    const { tensor } = step;
    const state = `${tensor.name} ${String(step.activated)} ${step.half?.name ?? ''} ${String(step.normed)}`;
    if (seen.has(state) || isNeutral(index, tensor.name)) continue;
    seen.add(state);
    if (seen.size > MOST_STEPS) return null;
    const node = index.producer(tensor.name);
    if (!node) return null;
    if (isPickedBias(index, node, pickedBy)) continue;
    const linear = linearOf(index, node);
    if (linear) {
      addRoot(roots, step, linear);
      if (roots.size > MOST_ROOTS) return null;
      continue;
    }
    const next = above(index, node, step, features);
    if (!next) return null;
    if (kindOf(node) === 'norm') {
      normalised ??= normalisedBy(index, node);
      if (node.opType.startsWith('Reduce')) statistics.push(tensor.name);
    }
    nodes.add(node);
    open.push(...next);
  }
  return { roots: [...roots.values()], nodes, normalised, statistics };
}

function addRoot(roots: Map<string, Root>, step: Step, linear: Linear): void {
  const key = `${linear.output.name} ${step.half ? `${step.half.index}${String(step.half.interleaved)}` : ''}`;
  const activated = step.activated || linear.activation !== null;
  const known = roots.get(key);
  if (known) known.activated ||= activated;
  else {
    const tensor = step.half ? step.half.tensor : linear.output;
    roots.set(key, { linear, tensor, half: step.half, activated });
  }
}

/** The steps that lead on from a node, or null where the trace may not pass it. */
function above(index: GraphIndex, node: OnnxNode, step: Step, features: number): Step[] | null {
  const { tensor } = step;
  if (isDepthwiseConvolution(index, node)) {
    if (step.convolved) return null;
    return [{ ...step, convolved: true, tensor: { name: node.inputs[0] ?? '', axis: 1, rank: null } }];
  }
  const half = step.half ? null : halfOf(index, node, tensor.name);
  if (half) {
    const source = { ...tensor, name: node.inputs[0] ?? '' };
    return [{ ...step, half: { ...half, name: tensor.name, tensor }, tensor: source }];
  }
  const kind = kindOf(node);
  if (kind === 'other' || (step.convolved && (kind === 'norm' || kind === 'nonlinear'))) return null;
  if (kind === 'norm' && (step.activated || step.half)) return null;
  if (kind === 'reshape') {
    const source = beforeReshape(index, node, tensor, step.half ? null : features);
    return source && [{ ...step, tensor: source }];
  }
  const activated = step.activated || kind === 'nonlinear';
  const normed = step.normed || kind === 'norm';
  return dataInputs(node).map((name) => ({ ...step, activated, normed, tensor: { ...tensor, name } }));
}

/** Operands that carry no neuron: constants, and the scales of dynamic quantisation. */
export function isNeutral(index: GraphIndex, name: string, depth = 0): boolean {
  if (index.isConstant(name)) return true;
  const node = index.producer(name);
  if (!node || depth > 4) return false;
  if (node.opType === 'DynamicQuantizeLinear') return node.outputs[0] !== name;
  return kindOf(node) !== 'other' && dataInputs(node).every((input) => isNeutral(index, input, depth + 1));
}

/** The rows of a table of biases that belong to the experts whose matrices are picked. */
export function isPickedBias(index: GraphIndex, node: OnnxNode, pickedBy: string | null): boolean {
  if (pickedBy === null || !picksFromConstant(index, node)) return false;
  const source = (name: string): string => beforeReshapes(index, { name, axis: -1, rank: null }).name;
  return source(node.inputs[1] ?? '') === source(pickedBy);
}

export function isDepthwiseConvolution(index: GraphIndex, node: OnnxNode): boolean {
  if (node.opType !== 'Conv') return false;
  const [channels, perGroup] = weightOf(index, node.inputs[1] ?? '')?.dims ?? [];
  return perGroup === 1 && channels !== 1 && channels === node.attributes.get('group')?.integer;
}

/** What a norm, whole or written out as mean of squares, is taken of. */
function normalisedBy(index: GraphIndex, node: OnnxNode): string | null {
  const input = node.inputs[0] ?? '';
  if (!node.opType.startsWith('Reduce')) return input;
  const square = index.producer(input);
  return square && ['Pow', 'Mul', 'Abs'].includes(square.opType) ? (square.inputs[0] ?? null) : input;
}
