import type { GraphIndex } from '../graph/graphIndex';
import type { OnnxNode } from '../protobuf/model';
import { roundedInputs, type RoundedTensor } from './operators';
import { picksFromConstant } from './weights';

/** Operators one behind another, more than any activation function takes. */
const DEEPEST = 200;

/**
 * The value of an element-wise part of the graph for one neuron, when the named tensors hold the given numbers.
 * Constants with an entry for each neuron (biases, learned scales) count as 0 where they are added and as 1 where they multiply.
 * @returns null where an operator is met whose arithmetic is not known here
 */
export function evaluate(
  index: GraphIndex,
  tensor: string,
  given: ReadonlyMap<string, number>,
): number | null {
  const known = new Map<string, number | null>(given);
  const valueOf = (name: string, neutral: number | null, depth: number): number | null => {
    if (depth > DEEPEST) return null;
    const value = known.get(name);
    if (value !== undefined) return value;
    const constant = index.numbers(name, 1)?.[0];
    if (constant !== undefined) return constant;
    const node = index.producer(name);
    if (!node || index.tensor(name) || node.outputs[0] !== name || isPerNeuron(index, name)) return neutral;
    known.set(name, null);
    const rounded = node.opType.startsWith('QLinear');
    const operands = rounded
      ? roundedInputs(node).map(
          (input) => constantOf(index, input) ?? valueOf(input.name, neutralFor(node), depth + 1),
        )
      : node.inputs.map((input) => valueOf(input, neutralFor(node), depth + 1));
    const result = operate(node, operands);
    known.set(name, result);
    return result;
  };
  return valueOf(tensor, null, 0);
}

/** The value of a constant that is stored as one 8-bit integer. */
function constantOf(index: GraphIndex, { name, scale, zeroPoint }: RoundedTensor): number | null {
  const [value, step, zero] = [name, scale, zeroPoint].map((input) => index.numbers(input, 1)?.[0]);
  return value === undefined || step === undefined ? null : (value - (zero ?? 0)) * step;
}

/** A constant of several numbers that the graph computes or picks, such as a transposed bias or that of an expert. */
function isPerNeuron(index: GraphIndex, name: string): boolean {
  const node = index.producer(name);
  if (node && !index.isConstant(name)) return picksFromConstant(index, node);
  if (!node) return false;
  const source = index.tensor(node.inputs[0] ?? '');
  return source !== null && source.dims.reduce((product, size) => product * size, 1) > 1;
}

function neutralFor(node: OnnxNode): number | null {
  switch (node.opType) {
    case 'Add':
    case 'QLinearAdd':
    case 'Sub':
    case 'Sum':
    case 'BiasGelu':
    case 'FastGelu':
      return 0;
    case 'Mul':
    case 'QLinearMul':
    case 'Div':
      return 1;
    default:
      return null;
  }
}

function operate(node: OnnxNode, operands: readonly (number | null)[]): number | null {
  const binary = BINARY[node.opType];
  const [a = null, b = null, c = null] = operands;
  if (binary) return a === null || b === null ? null : binary(a, b);
  if (a === null) return null;
  const unary = UNARY[node.opType];
  if (unary) return unary(a);
  const real = (name: string, fallback: number): number => node.attributes.get(name)?.float ?? fallback;
  switch (node.opType) {
    case 'Where':
      return a === 0 ? c : b;
    case 'Sum':
    case 'Max':
    case 'Min':
      return fold(node.opType, operands);
    case 'Clip': {
      const low = node.attributes.get('min')?.float ?? b ?? -Infinity;
      const high = node.attributes.get('max')?.float ?? c ?? Infinity;
      return Math.min(Math.max(a, low), high);
    }
    case 'LeakyRelu':
    case 'QLinearLeakyRelu':
      return a < 0 ? real('alpha', 0.01) * a : a;
    case 'PRelu':
      return a < 0 ? (b ?? 0.25) * a : a;
    case 'ThresholdedRelu':
      return a > real('alpha', 1) ? a : 0;
    case 'Elu':
    case 'Celu':
      return a < 0 ? real('alpha', 1) * Math.expm1(node.opType === 'Celu' ? a / real('alpha', 1) : a) : a;
    case 'Selu':
      return real('gamma', 1.0507) * (a < 0 ? real('alpha', 1.67326) * Math.expm1(a) : a);
    case 'HardSigmoid':
      return Math.min(1, Math.max(0, real('alpha', 0.2) * a + real('beta', 0.5)));
    case 'Gelu':
      return node.attributes.get('approximate')?.text === 'tanh' ? geluTanh(a) : geluErf(a);
    case 'BiasGelu':
      return geluErf(a + (b ?? 0));
    case 'FastGelu':
      return geluTanh(a + (b ?? 0));
    case 'Swish':
    case 'QuickGelu':
      return a * sigmoid(real('alpha', node.opType === 'Swish' ? 1 : 1.702) * a);
    default:
      return null;
  }
}

function fold(opType: string, operands: readonly (number | null)[]): number | null {
  let result: number | null = null;
  for (const operand of operands) {
    if (operand === null) return null;
    if (result === null) result = operand;
    else if (opType === 'Sum') result += operand;
    else result = opType === 'Max' ? Math.max(result, operand) : Math.min(result, operand);
  }
  return result;
}

const BINARY: Readonly<Record<string, ((a: number, b: number) => number) | undefined>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  QLinearAdd: (a, b) => a + b,
  QLinearMul: (a, b) => a * b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
  Pow: (a, b) => a ** b,
  Equal: (a, b) => Number(a === b),
  Less: (a, b) => Number(a < b),
  LessOrEqual: (a, b) => Number(a <= b),
  Greater: (a, b) => Number(a > b),
  GreaterOrEqual: (a, b) => Number(a >= b),
  And: (a, b) => Number(a !== 0 && b !== 0),
  Or: (a, b) => Number(a !== 0 || b !== 0),
};

const same = (a: number): number => a;

const UNARY: Readonly<Record<string, ((a: number) => number) | undefined>> = {
  Identity: same,
  Cast: same,
  CastLike: same,
  Dropout: same,
  Reshape: same,
  Flatten: same,
  Squeeze: same,
  Unsqueeze: same,
  Transpose: same,
  QuantizeLinear: same,
  DequantizeLinear: same,
  DynamicQuantizeLinear: same,
  Split: same,
  Slice: same,
  Gather: same,
  SplitToSequence: same,
  SequenceAt: same,
  Neg: (a) => -a,
  Sqrt: Math.sqrt,
  Reciprocal: (a) => 1 / a,
  Abs: Math.abs,
  Exp: Math.exp,
  Log: Math.log,
  Round: Math.round,
  Floor: Math.floor,
  Ceil: Math.ceil,
  Sign: Math.sign,
  IsInf: (a) => Number(Math.abs(a) === Infinity),
  IsNaN: (a) => Number(Number.isNaN(a)),
  Not: (a) => Number(a === 0),
  Relu: (a) => Math.max(0, a),
  Erf: (a) => erf(a),
  Tanh: Math.tanh,
  Sin: Math.sin,
  Cos: Math.cos,
  Atan: Math.atan,
  Sinh: Math.sinh,
  Asinh: Math.asinh,
  Sigmoid: (a) => sigmoid(a),
  QLinearSigmoid: (a) => sigmoid(a),
  Softplus: (a) => Math.log1p(Math.exp(a)),
  Softsign: (a) => a / (1 + Math.abs(a)),
  HardSwish: (a) => a * Math.min(1, Math.max(0, a / 6 + 0.5)),
  Mish: (a) => a * Math.tanh(Math.log1p(Math.exp(a))),
};

export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

export function geluErf(x: number): number {
  return 0.5 * x * (1 + erf(x / Math.SQRT2));
}

/** The tanh approximation (Hendrycks and Gimpel 2016, section 2). */
export function geluTanh(x: number): number {
  return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));
}

/**
 * The error function to about 1e-15: its Maclaurin series below 3, the continued fraction of erfc above
 * (Abramowitz and Stegun, 7.1.6 and 7.1.14).
 */
export function erf(x: number): number {
  const size = Math.abs(x);
  if (size > 6) return Math.sign(x);
  if (size < 3) {
    let term = x;
    let sum = x;
    for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum) && n < 100; n++) {
      term *= (2 * x * x) / (2 * n + 1);
      sum += term;
    }
    return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
  }
  let fraction = 0;
  for (let n = 60; n > 0; n--) fraction = n / 2 / (size + fraction);
  return Math.sign(x) * (1 - Math.exp(-size * size) / Math.sqrt(Math.PI) / (size + fraction));
}
