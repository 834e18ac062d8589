import type { OnnxNode } from '../protobuf/model';

/**
 * What an operator does to single neurons on the way from one projection to the next (docs/onnx.md, section 2).
 * `reshape`: the same values in another shape, type or order. `arithmetic`: element by element, no non-linearity of its own.
 * `nonlinear`: element by element, an activation function or part of one. `norm`: looks across the features of a token.
 */
export type OperatorKind = 'reshape' | 'arithmetic' | 'nonlinear' | 'norm' | 'other';

const KINDS: Readonly<Record<Exclude<OperatorKind, 'other'>, readonly string[]>> = {
  reshape: [
    'Identity',
    'Cast',
    'CastLike',
    'Dropout',
    'Reshape',
    'Flatten',
    'Squeeze',
    'Unsqueeze',
    'Transpose',
    'QuantizeLinear',
    'DequantizeLinear',
    'DynamicQuantizeLinear',
    'SplitToSequence',
  ],
  arithmetic: [
    'Add',
    'Sub',
    'Mul',
    'Div',
    'Neg',
    'Sum',
    'Pow',
    'Sqrt',
    'Reciprocal',
    'Abs',
    'Exp',
    'Log',
    'Min',
    'Max',
    'Clip',
    'Where',
    'Round',
    'Floor',
    'Ceil',
    'Sign',
    'IsInf',
    'IsNaN',
    'Not',
    'And',
    'Or',
    'Equal',
    'Less',
    'LessOrEqual',
    'Greater',
    'GreaterOrEqual',
    'QLinearAdd',
    'QLinearMul',
  ],
  nonlinear: [
    'Relu',
    'LeakyRelu',
    'PRelu',
    'ThresholdedRelu',
    'Elu',
    'Selu',
    'Celu',
    'Erf',
    'Tanh',
    'Sigmoid',
    'HardSigmoid',
    'HardSwish',
    'Swish',
    'Mish',
    'Softplus',
    'Softsign',
    'Sin',
    'Cos',
    'Atan',
    'Sinh',
    'Asinh',
    'Gelu',
    'BiasGelu',
    'FastGelu',
    'QuickGelu',
    'QLinearSigmoid',
    'QLinearLeakyRelu',
  ],
  norm: [
    'LayerNormalization',
    'SimplifiedLayerNormalization',
    'RMSNormalization',
    'ReduceMean',
    'ReduceSum',
    'ReduceSumSquare',
    'ReduceL2',
    'ReduceMax',
  ],
};

const KIND_OF = new Map(
  Object.entries(KINDS).flatMap(([kind, operators]) =>
    operators.map((operator) => [operator, kind as OperatorKind] as const),
  ),
);

export function kindOf(node: OnnxNode): OperatorKind {
  return KIND_OF.get(node.opType) ?? 'other';
}

/** The inputs of a reshaping or element-wise node that carry values, not shapes, axes or quantisation parameters. */
export function dataInputs(node: OnnxNode): readonly string[] {
  if (node.opType.startsWith('QLinear')) return roundedInputs(node).map(({ name }) => name);
  const count = kindOf(node) === 'reshape' || kindOf(node) === 'norm' ? 1 : node.inputs.length;
  return node.inputs.slice(0, count).filter((name) => name !== '');
}

/** A tensor of 8-bit integers: (number − zero point) × scale is its value. */
export interface RoundedTensor {
  readonly name: string;
  readonly scale: string;
  readonly zeroPoint: string;
}

/** What an element-wise 8-bit operator reads: one tensor, or two (onnxruntime, ContribOperators.md, QLinearAdd). */
export function roundedInputs({ opType, inputs }: OnnxNode): readonly RoundedTensor[] {
  const tensors = opType === 'QLinearAdd' || opType === 'QLinearMul' ? [0, 3] : [0];
  return tensors.map((at) => ({
    name: inputs[at] ?? '',
    scale: inputs[at + 1] ?? '',
    zeroPoint: inputs[at + 2] ?? '',
  }));
}

/** Scale and zero point of what an 8-bit operator gives; null for any other, whose output is what it says. */
export function roundedOutput({ opType, inputs, outputs }: OnnxNode): RoundedTensor | null {
  const at = OUTPUT_SCALE[opType];
  const [scale, zeroPoint] = at === undefined ? [] : [inputs[at], inputs[at + 1]];
  return scale === undefined || scale === ''
    ? null
    : { name: outputs[0] ?? '', scale, zeroPoint: zeroPoint ?? '' };
}

/** Which input is the scale of the output. QGemm without one gives float32. */
const OUTPUT_SCALE: Readonly<Record<string, number | undefined>> = {
  QLinearMatMul: 6,
  QLinearAdd: 6,
  QLinearMul: 6,
  QLinearConv: 6,
  QGemm: 7,
  QLinearSigmoid: 3,
  QLinearLeakyRelu: 3,
  QuantizeLinear: 1,
};
