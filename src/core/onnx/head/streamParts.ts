import type { GraphIndex } from '../graph/graphIndex';
import type { OnnxNode } from '../protobuf/model';
import { linearOf } from '../ffn/linearOf';
import { dataInputs, kindOf } from '../ffn/operators';
import type { LocatedSite } from '../modelAnalysis';
import { streamTerms } from '../surgery/segment';
import { latest, SUM, type StreamEnd } from './findHead';

/** One of the tensors that add up to the residual stream. */
export interface StreamPart {
  readonly kind: 'embedding' | 'attention' | 'ffn' | 'constant';
  readonly tensor: string;
  /** The stream holds the tensor times this. */
  readonly factor: number;
  /** The FFN that writes it; null where none does. */
  readonly site: LocatedSite | null;
  /** What a norm between the FFN and the stream reads (sandwich norms); null where there is none. */
  readonly beforeNorm: string | null;
}

/** The parts, or the reason in words why the stream is no sum of what the layers write. */
export type PartsSearch = { readonly parts: readonly StreamPart[] } | { readonly reason: string };

/** More parts than a model has layers, twice. */
const MOST_PARTS = 4096;
const MOST_STEPS = 200;
const POST_NORM =
  'the residual stream passes a norm between the layers (post-norm), so that what a layer writes does not reach the output as it is';
const EXPERTS = 'its layers are mixtures of experts, whose share of the output the router decides';

/**
 * Takes the residual stream apart: the additions that lead up to its end, and who writes each term. Attention is whatever
 * comes out of a projection that is no FFN's.
 */
export function streamParts(index: GraphIndex, end: StreamEnd, sites: readonly LocatedSite[]): PartsSearch {
  if (sites.some(({ source }) => source.routing)) return { reason: EXPERTS };
  const parts: StreamPart[] = [];
  const open = streamTerms(end).map((tensor) => ({ tensor, factor: 1 }));
  for (let term = open.pop(); term; term = open.pop()) {
    if (parts.length + open.length > MOST_PARTS) return { reason: 'its residual stream has no end' };
    const { tensor, factor } = term;
    const node = index.producer(tensor);
    const next = node && termsOf(index, node, tensor, factor);
    if (next) {
      open.push(...next);
      continue;
    }
    const part = partOf(index, tensor, factor, sites);
    if ('reason' in part) return part;
    parts.push(part);
  }
  const place = ({ tensor }: StreamPart): number => {
    const node = index.producer(tensor);
    return node ? index.position(node) : -1;
  };
  return { parts: parts.sort((a, b) => place(a) - place(b)) };
}

interface Term {
  readonly tensor: string;
  readonly factor: number;
}

/** The terms that a node adds up or hands on; null where it does neither. */
function termsOf(index: GraphIndex, node: OnnxNode, tensor: string, factor: number): Term[] | null {
  const all = (names: readonly string[]): Term[] => names.map((name) => ({ tensor: name, factor }));
  if (node.opType.startsWith('Skip')) {
    const isSum = node.outputs.indexOf(tensor) === SUM;
    return isSum ? all(streamTerms({ kind: 'fused', norm: node })) : null;
  }
  if (isHandedOn(node)) return all(node.inputs.slice(0, 1));
  if (isSumOfMany(index, node) || (isSum(node) && continuesSum(index, node))) return all(dataInputs(node));
  const scaling = scaledSum(index, node);
  return scaling && [{ tensor: scaling.tensor, factor: factor * scaling.factor }];
}

function isSum({ opType }: OnnxNode): boolean {
  return opType === 'Add' || opType === 'Sum';
}

function isSumOfMany(index: GraphIndex, node: OnnxNode): boolean {
  return isSum(node) && varying(index, node).length > 1;
}

/** Whether a constant is added to a sum, and not to what a projection gives. */
function continuesSum(index: GraphIndex, node: OnnxNode): boolean {
  const [only = ''] = varying(index, node);
  const below = producerBehindReshapes(index, only);
  return below !== undefined && (isSumOfMany(index, below) || below.outputs.length > SUM);
}

/** A sum that is multiplied by one number (DeepNorm and its kin). */
function scaledSum(index: GraphIndex, node: OnnxNode): Term | null {
  if (node.opType !== 'Mul' && node.opType !== 'Div') return null;
  const [tensor = '', ...others] = varying(index, node);
  const below = producerBehindReshapes(index, tensor);
  if (others.length > 0 || !below || !isSumOfMany(index, below)) return null;
  const constant = node.inputs.find((name) => index.isConstant(name)) ?? '';
  const [number] = index.numbers(constant, 1) ?? [];
  if (number === undefined) return null;
  return { tensor, factor: node.opType === 'Mul' ? number : 1 / number };
}

function producerBehindReshapes(index: GraphIndex, tensor: string): OnnxNode | undefined {
  let node = index.producer(tensor);
  for (let steps = 0; node && isHandedOn(node) && steps < MOST_STEPS; steps++) {
    node = index.producer(node.inputs[0] ?? '');
  }
  return node;
}

function isHandedOn(node: OnnxNode): boolean {
  return kindOf(node) === 'reshape' && !node.opType.includes('uantize');
}

function varying(index: GraphIndex, node: OnnxNode): string[] {
  return dataInputs(node).filter((name) => !index.isConstant(name));
}

/** Who writes a term: found by following it up to the projection that it comes from. */
function partOf(
  index: GraphIndex,
  tensor: string,
  factor: number,
  sites: readonly LocatedSite[],
): StreamPart | { readonly reason: string } {
  const part = { tensor, factor, site: null, beforeNorm: null };
  if (index.isConstant(tensor)) return { ...part, kind: 'constant' };
  const open = new Set([tensor]);
  let beforeNorm: string | null = null;
  let normed = false;
  for (let step = 0; step < MOST_STEPS; step++) {
    const name = latest(index, open);
    const node = index.producer(name);
    if (!node) return { ...part, kind: 'embedding' };
    if (open.size === 1 && normed) beforeNorm ??= name;
    const linear = linearOf(index, node);
    if (linear) {
      const site = sites.find(({ source }) => source.ffn.down.node === linear.node) ?? null;
      return { ...part, kind: site ? 'ffn' : 'attention', site, beforeNorm: site ? beforeNorm : null };
    }
    if (index.isConstant(node.inputs[0] ?? '') && kindOf(node) === 'other')
      return { ...part, kind: 'embedding' };
    if (open.size === 1 && isSumOfMany(index, node)) {
      return sumIsOfEmbeddings(index, node) ? { ...part, kind: 'embedding' } : { reason: POST_NORM };
    }
    if (kindOf(node) === 'other') return { ...part, kind: 'attention' };
    normed ||= kindOf(node) === 'norm';
    open.delete(name);
    for (const input of varying(index, node)) open.add(input);
  }
  return { ...part, kind: 'attention' };
}

/** Embeddings of tokens and of places are added up before a norm in some models: no projection comes before them. */
function sumIsOfEmbeddings(index: GraphIndex, node: OnnxNode): boolean {
  return [...index.ancestors(node.outputs)].every((before) => linearOf(index, before) === null);
}
