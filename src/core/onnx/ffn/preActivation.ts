import type { GraphIndex } from '../graph/graphIndex';
import type { OnnxNode } from '../protobuf/model';
import type { FeatureTensor } from './linear';
import { dataInputs, kindOf } from './operators';
import { isDepthwiseConvolution, isNeutral, isPickedBias, type Root, type Trace } from './trace';
import { reshapedBy } from './reshapes';

/** A quantity of an FFN, and a bias that a fused operator would add to it. */
export interface PreActivation {
  readonly tensor: FeatureTensor;
  readonly addedBias: string | null;
}

/**
 * Follows a projection's output downwards over its bias, its LoRA branch, reshaping and the scale of integer products
 * to the tensor that the non-linearity (or the product of a gated FFN) reads.
 */
export function preActivation(index: GraphIndex, root: Root, trace: Trace): PreActivation {
  let tensor = root.tensor;
  for (let steps = 0; steps < 32; steps++) {
    const readers = index.consumers(tensor.name).filter((node) => trace.nodes.has(node));
    const [node] = readers;
    if (!node || readers.length > 1) break;
    const next = keepsValue(index, node, tensor.name, root) ? stepOver(node, tensor) : null;
    if (!next) break;
    tensor = next;
  }
  const reader = index.consumers(tensor.name).find((node) => trace.nodes.has(node));
  return { tensor, addedBias: fusedBias(reader) };
}

function stepOver(node: OnnxNode, tensor: FeatureTensor): FeatureTensor {
  if (node.opType === 'Conv') return { name: node.outputs[0] ?? '', axis: 1, rank: null };
  return kindOf(node) === 'reshape' ? reshapedBy(node, tensor) : { ...tensor, name: node.outputs[0] ?? '' };
}

/** Whether a node passes the projection on as it is, with its bias added or its integers scaled back. */
function keepsValue(index: GraphIndex, node: OnnxNode, tensor: string, root: Root): boolean {
  if (kindOf(node) === 'reshape') return node.inputs[0] === tensor;
  if (isDepthwiseConvolution(index, node)) return true;
  const other = dataInputs(node).find((name) => name !== tensor);
  if (other === undefined) return false;
  if (node.opType === 'Add' || node.opType === 'QLinearAdd') {
    return isBias(index, other, root) || isBranchOf(index, other);
  }
  return node.opType === 'Mul' && root.linear.node.opType.endsWith('Integer') && isNeutral(index, other);
}

/** A constant with an entry for each neuron, as opposed to a number within an activation function. */
function isBias(index: GraphIndex, name: string, { linear }: Root): boolean {
  const node = index.producer(name);
  if (node && isPickedBias(index, node, linear.weight.pickedBy)) return true;
  return index.isConstant(name) && index.numbers(name, 1) === null;
}

/** The scaled output of a second, low-rank projection of the same input. */
function isBranchOf(index: GraphIndex, name: string): boolean {
  let node = index.producer(name);
  for (let steps = 0; node && steps < 6; steps++) {
    if (['MatMul', 'Gemm', 'FusedMatMul', 'MatMulNBits'].includes(node.opType)) return true;
    if (node.opType !== 'Mul' && kindOf(node) !== 'reshape') return false;
    const source: string | undefined = dataInputs(node).find((input) => !index.isConstant(input));
    node = source === undefined ? undefined : index.producer(source);
  }
  return false;
}

function fusedBias(node: OnnxNode | undefined): string | null {
  if (node?.opType !== 'BiasGelu' && node?.opType !== 'FastGelu') return null;
  return node.inputs[1] === undefined || node.inputs[1] === '' ? null : node.inputs[1];
}
