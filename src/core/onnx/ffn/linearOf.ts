import type { GraphIndex } from '../graph/graphIndex';
import { perGraph } from '../graph/perGraph';
import type { OnnxNode } from '../protobuf/model';
import { einsumLinear } from './einsum';
import { groupedLinear } from './groupedLinear';
import type { Linear } from './linear';
import { weightOf, type Weight } from './weights';

/** @returns null where the node is no product with a constant matrix. */
export const linearOf = perGraph(describeLinear);

function describeLinear(index: GraphIndex, node: OnnxNode): Linear | null {
  switch (node.opType) {
    case 'MatMul':
    case 'FusedMatMul':
    case 'TransposeMatMul':
    case 'MatMulInteger':
    case 'MatMulIntegerToFloat':
    case 'DynamicQuantizeMatMul':
      return matMul(index, node, 0, 1);
    case 'QLinearMatMul':
      return matMul(index, node, 0, 3);
    case 'Gemm':
    case 'FusedGemm':
    case 'GemmFastGelu':
      return gemm(index, node, 1);
    case 'QGemm':
      return gemm(index, node, 3);
    case 'Conv':
    case 'ConvInteger':
    case 'FusedConv':
      return pointwiseConvolution(index, node);
    case 'Reshape':
      return groupedLinear(index, node);
    case 'Einsum':
      return einsumLinear(index, node);
    default:
      return node.opType.startsWith('MatMul') ? packedMatMul(node) : null;
  }
}

function matMul(index: GraphIndex, node: OnnxNode, left: number, right: number): Linear | null {
  const a = node.inputs[left] ?? '';
  const b = node.inputs[right] ?? '';
  const flag = (name: string): boolean => node.attributes.get(name)?.integer === 1;
  const scale = node.attributes.get('alpha')?.float ?? 1;
  const rightWeight = weightOf(index, b);
  if (rightWeight && !weightOf(index, a)) {
    const [rows, columns] = lastTwo(rightWeight.dims, flag('transB'));
    if (rows === undefined || columns === undefined || flag('transA')) return null;
    return {
      ...describe(node, rightWeight),
      input: { name: a, axis: -1, rank: null },
      output: { name: node.outputs[0] ?? '', axis: -1, rank: null },
      inFeatures: rows,
      outFeatures: columns,
      scale,
      matrix: plainMatrix(node, b, rightWeight, flag('transB')),
    };
  }
  const leftWeight = weightOf(index, a);
  if (!leftWeight || rightWeight) return null;
  const [rows, columns] = lastTwo(leftWeight.dims, flag('transA'));
  if (rows === undefined || columns === undefined) return null;
  return {
    ...describe(node, leftWeight),
    input: { name: b, axis: flag('transB') ? -1 : -2, rank: null },
    output: { name: node.outputs[0] ?? '', axis: -2, rank: null },
    inFeatures: columns,
    outFeatures: rows,
    scale,
    matrix: plainMatrix(node, a, leftWeight, !flag('transA')),
  };
}

function gemm(index: GraphIndex, node: OnnxNode, matrix: number): Linear | null {
  const transposeB = node.attributes.get('transB')?.integer === 1;
  const transposeA = node.attributes.get('transA')?.integer === 1;
  const a = node.inputs[0] ?? '';
  const weight = weightOf(index, node.inputs[matrix] ?? '');
  const leftWeight = weightOf(index, a);
  if (weight && !leftWeight) {
    const [rows, columns] = lastTwo(weight.dims, transposeB);
    if (rows === undefined || columns === undefined) return null;
    return {
      ...describe(node, weight),
      input: { name: a, axis: transposeA ? 0 : 1, rank: 2 },
      output: { name: node.outputs[0] ?? '', axis: 1, rank: 2 },
      inFeatures: rows,
      outFeatures: columns,
      scale: 1,
      matrix: plainMatrix(node, node.inputs[matrix] ?? '', weight, transposeB),
    };
  }
  if (!leftWeight || weight || matrix !== 1) return null;
  const [rows, columns] = lastTwo(leftWeight.dims, transposeA);
  if (rows === undefined || columns === undefined) return null;
  return {
    ...describe(node, leftWeight),
    input: { name: node.inputs[1] ?? '', axis: transposeB ? 1 : 0, rank: 2 },
    output: { name: node.outputs[0] ?? '', axis: 0, rank: 2 },
    inFeatures: columns,
    outFeatures: rows,
    scale: 1,
    matrix: plainMatrix(node, a, leftWeight, !transposeA),
  };
}

/** A convolution that looks at one place only is a projection of the channels. */
function pointwiseConvolution(index: GraphIndex, node: OnnxNode): Linear | null {
  const weight = weightOf(index, node.inputs[1] ?? '');
  if (!weight) return null;
  const [outFeatures, inFeatures, ...kernel] = weight.dims;
  if (outFeatures === undefined || inFeatures === undefined || kernel.length === 0) return null;
  if (kernel.some((size) => size !== 1)) return null;
  if (node.attributes.get('strides')?.integers.some((step) => step !== 1)) return null;
  const rank = weight.dims.length;
  return {
    ...describe(node, weight),
    input: { name: node.inputs[0] ?? '', axis: 1, rank },
    output: { name: node.outputs[0] ?? '', axis: 1, rank },
    inFeatures: inFeatures * (node.attributes.get('group')?.integer ?? 1),
    outFeatures,
    stack: null,
    scale: 1,
    matrix: null,
  };
}

/** MatMulNBits, MatMulBnb4 and their kin: the weight is packed, its shape stands in the attributes K and N. */
function packedMatMul(node: OnnxNode): Linear | null {
  const inFeatures = node.attributes.get('K')?.integer ?? null;
  const outFeatures = node.attributes.get('N')?.integer ?? null;
  const root = node.inputs[1];
  if (inFeatures === null || outFeatures === null || root === undefined) return null;
  const weight = { root, dims: [inFeatures, outFeatures], pickedBy: null, member: null };
  return {
    ...describe(node, weight),
    input: { name: node.inputs[0] ?? '', axis: -1, rank: null },
    output: { name: node.outputs[0] ?? '', axis: -1, rank: null },
    inFeatures,
    outFeatures,
    scale: 1,
    matrix: null,
    packed: true,
  };
}

const PLAIN_PRODUCTS = new Set([
  'MatMul',
  'FusedMatMul',
  'TransposeMatMul',
  'Gemm',
  'FusedGemm',
  'GemmFastGelu',
]);

function plainMatrix(node: OnnxNode, operand: string, weight: Weight, outFirst: boolean): Linear['matrix'] {
  return PLAIN_PRODUCTS.has(node.opType) && weight.dims.length === 2 && weight.pickedBy === null
    ? { operand, outFirst }
    : null;
}

function describe(
  node: OnnxNode,
  weight: Weight,
): Pick<Linear, 'node' | 'weight' | 'stack' | 'activation' | 'packed'> {
  const members = weight.dims.length === 3 ? (weight.dims[0] ?? 1) : 1;
  const fused =
    node.opType === 'GemmFastGelu' ? 'FastGelu' : (node.attributes.get('activation')?.text ?? null);
  return {
    node,
    weight,
    stack: members > 1 ? members : null,
    activation: fused === '' ? null : fused,
    packed: false,
  };
}

function lastTwo(dims: readonly number[], transposed: boolean): (number | undefined)[] {
  if (dims.length < 2) return [];
  const pair = dims.slice(-2);
  return transposed ? pair.reverse() : pair;
}
