import type { GraphIndex } from '../graph/graphIndex';
import type { OnnxNode } from '../protobuf/model';
import type { Linear } from './linear';
import { weightOf } from './weights';

/**
 * An Einsum of a tensor and a constant matrix that contracts exactly one axis, such as `btd,df->btf` or `...d,fd->...f`;
 * `btd,kdf->kbtf` makes k sets of features at once.
 * @returns null for any other equation, such as the products of attention
 */
export function einsumLinear(index: GraphIndex, node: OnnxNode): Linear | null {
  const equation = node.attributes.get('equation')?.text?.replace(/\s+/g, '').replaceAll('...', '.') ?? '';
  const [operands = '', result = ''] = equation.split('->');
  const terms = operands.split(',');
  if (terms.length !== 2 || node.inputs.length !== 2) return null;
  const weights = node.inputs.map((name) => weightOf(index, name));
  const side = weights[1] ? 1 : 0;
  const weight = weights[side];
  if (!weight || weights[1 - side]) return null;
  const matrix = terms[side] ?? '';
  const data = terms[1 - side] ?? '';

  const contracted = Array.from(matrix).filter((letter) => data.includes(letter) && !result.includes(letter));
  const produced = Array.from(result).filter((letter) => !data.includes(letter) && matrix.includes(letter));
  const stacked = Array.from(matrix).filter((letter) => data.includes(letter) && result.includes(letter));
  const [inner] = contracted;
  const outer = produced.at(-1);
  if (contracted.length !== 1 || !inner || !outer || matrix.includes('.')) return null;
  const sizeOf = (letter: string): number => weight.dims[matrix.indexOf(letter)] ?? 0;
  return {
    node,
    input: featureAxis(node.inputs[1 - side] ?? '', data, inner),
    output: featureAxis(node.outputs[0] ?? '', result, outer),
    inFeatures: sizeOf(inner),
    outFeatures: produced.reduce((product, letter) => product * sizeOf(letter), 1),
    weight,
    stack: stacked[0] === undefined ? null : sizeOf(stacked[0]),
    scale: 1,
    activation: null,
    matrix: null,
    packed: false,
  };
}

function featureAxis(name: string, term: string, letter: string): Linear['input'] {
  return {
    name,
    axis: term.indexOf(letter) - term.length,
    rank: term.includes('.') ? null : term.length,
  };
}
