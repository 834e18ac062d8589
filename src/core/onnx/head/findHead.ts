import type { GraphIndex } from '../graph/graphIndex';
import type { OnnxNode } from '../protobuf/model';
import type { FeatureTensor, Linear } from '../ffn/linear';
import { linearOf } from '../ffn/linearOf';
import { dataInputs, kindOf } from '../ffn/operators';
import { beforeReshapes } from '../ffn/reshapes';

/** Where the residual stream ends: a tensor, or what a norm that is fused with the last addition adds up. */
export type StreamEnd =
  { readonly kind: 'tensor'; readonly tensor: string } | { readonly kind: 'fused'; readonly norm: OnnxNode };

/** What makes logits of the residual stream: the final norm, the projection onto the vocabulary, and what stands around. */
export interface Head {
  /** The model's output. */
  readonly logits: string;
  /** The logits before a soft cap: up to here they are a linear function of what the unembedding reads. */
  readonly scores: string;
  readonly unembedding: Linear;
  /** What the unembedding reads, rounding and reshaping undone. */
  readonly normed: FeatureTensor;
  readonly stream: StreamEnd;
}

/** The head, or the reason in words why there is none. */
export type HeadSearch = { readonly head: Head } | { readonly reason: string };

/** Outputs that are caches and no result. */
const CACHE = /present|past|cache|key_values/;

/** The outputs that are caches. */
export function cacheOutputs({ graph }: GraphIndex): string[] {
  return graph.outputs.map(({ name }) => name).filter((name) => CACHE.test(name));
}

/** The output that a model is asked for, by what outputs are called: logits before hidden states; null where all are caches. */
export function resultOutput({ graph }: GraphIndex): string | null {
  const results = graph.outputs.map(({ name }) => name).filter((name) => !CACHE.test(name));
  return (
    results.find((name) => /logits/.test(name)) ??
    results.find((name) => /hidden/.test(name)) ??
    results[0] ??
    null
  );
}

/** More operators than any head has, a transform and written-out norms included. */
const MOST_STEPS = 400;
/** Operators that choose tokens, and leave what each holds as it is. */
const PICKS_TOKENS = new Set(['Slice', 'Gather', 'GatherND', 'GatherElements']);

/**
 * Finds the head of a model by what the graph computes, from the logits upwards: through projections, norms and
 * element-wise operators, until all that is left to follow is one tensor that something is added up in. That is the
 * residual stream. Names prove nothing.
 * @param vocabulary number of tokens that the model reads, by which logits are told from classes
 */
export function findHead(index: GraphIndex, logits: string, vocabulary: number | null): HeadSearch {
  let unembedding: Linear | null = null;
  // The tensor nearest to the logits from which only reshaping leads up to where the walk is.
  let nearest: string | null = null;
  let scores = logits;
  const open = new Set([logits]);
  for (let step = 0; step < MOST_STEPS; step++) {
    const tensor = latest(index, open);
    const node = index.producer(tensor);
    if (!node)
      return { reason: `"${logits}" is computed from the input "${tensor}" without a residual stream` };
    const alone = open.size === 1;
    if (alone) nearest ??= tensor;
    if (alone && addsUp(index, node, tensor)) {
      if (!unembedding) return { reason: whatIsAddedUp(index, node, logits) };
      const stream: StreamEnd = isFusedNorm(node, tensor)
        ? { kind: 'fused', norm: node }
        : { kind: 'tensor', tensor: nearest ?? tensor };
      const normed = normedBefore(index, unembedding, stream);
      return fitting({ logits, scores, unembedding, normed, stream }, vocabulary);
    }
    const linear = linearOf(index, node);
    if (linear) unembedding ??= linear;
    else if (!unembedding && kindOf(node) === 'nonlinear') scores = beforeCap(index, node);
    const next = linear ? [linear.input.name] : above(index, node);
    if (!next) return { reason: `a ${node.opType} stands between the residual stream and "${logits}"` };
    if (!isReshaping(node)) nearest = null;
    open.delete(tensor);
    for (const name of next) open.add(name);
  }
  return { reason: `no residual stream is found before "${logits}"` };
}

/** Of some tensors the one that is computed last: those before it may be what it is computed from. */
export function latest(index: GraphIndex, tensors: ReadonlySet<string>): string {
  const place = (name: string): number => {
    const node = index.producer(name);
    return node ? index.position(node) : -1;
  };
  return [...tensors].reduce((last, name) => (place(name) > place(last) ? name : last));
}

/** Whether a tensor is a sum of others, or the norm of one. */
function addsUp(index: GraphIndex, node: OnnxNode, tensor: string): boolean {
  if (node.opType.startsWith('Skip'))
    return isFusedNorm(node, tensor) || node.outputs.indexOf(tensor) === SUM;
  const isSum = node.opType === 'Add' || node.opType === 'Sum' || node.opType === 'QLinearAdd';
  return isSum && dataInputs(node).filter((name) => !index.isConstant(name)).length > 1;
}

/** A soft cap divides, bends and multiplies: c · tanh(x / c). */
function beforeCap(index: GraphIndex, bend: OnnxNode): string {
  const bent = bend.inputs[0] ?? '';
  const scaling = index.producer(bent);
  const isScaling = scaling?.opType === 'Div' || scaling?.opType === 'Mul';
  const [scaled, ...others] = isScaling ? scaling.inputs.filter((name) => !index.isConstant(name)) : [];
  return scaled !== undefined && others.length === 0 ? scaled : bent;
}

function normedBefore(index: GraphIndex, unembedding: Linear, stream: StreamEnd): FeatureTensor {
  const normed = beforeReshapes(index, unembedding.input);
  if (stream.kind === 'fused') return normed;
  const place = (name: string): number => {
    const node = index.producer(name);
    return node ? index.position(node) : -1;
  };
  // Without a norm, nothing but reshaping stands between the two.
  return place(normed.name) < place(stream.tensor) ? { ...normed, name: stream.tensor } : normed;
}

function whatIsAddedUp(index: GraphIndex, node: OnnxNode, logits: string): string {
  const isProjection = (name: string): boolean => {
    const maker = index.producer(name);
    return maker !== undefined && linearOf(index, maker) !== null;
  };
  return dataInputs(node).every(isProjection)
    ? `several projections are added up in "${logits}"`
    : `"${logits}" holds hidden states, which no projection makes logits of`;
}

/** Which output of a fused norm is the sum that it is taken of (onnxruntime, ContribOperators.md). */
export const SUM = 3;

function isFusedNorm(node: OnnxNode, tensor: string): boolean {
  return /^Skip(Simplified)?LayerNormalization$/.test(node.opType) && node.outputs[0] === tensor;
}

/** The tensors that a node works on token by token; null where it does anything else. */
function above(index: GraphIndex, node: OnnxNode): readonly string[] | null {
  const varying = (names: readonly string[]): string[] => names.filter((name) => !index.isConstant(name));
  if (PICKS_TOKENS.has(node.opType)) {
    const picked = varying(node.inputs.slice(0, 1));
    return picked.length === 1 ? picked : null;
  }
  return kindOf(node) === 'other' ? null : varying(dataInputs(node));
}

/** Whether a node hands on the very numbers that it reads. */
function isReshaping(node: OnnxNode): boolean {
  return kindOf(node) === 'reshape' && !node.opType.includes('uantize');
}

function fitting(head: Head, vocabulary: number | null): HeadSearch {
  const { outFeatures } = head.unembedding;
  if (vocabulary === null) return { reason: `nothing tells how many tokens the model knows` };
  if (2 * outFeatures >= vocabulary) return { head };
  return { reason: `"${head.logits}" holds ${outFeatures} values, and the model knows ${vocabulary} tokens` };
}
