import type { OnnxNode } from '../protobuf/model';

/**
 * What an operator does to single neurons on the way from one projection to the next (docs/onnx.md, section 2).
 * `view`: the same values in another shape, type or order. `arithmetic`: element by element, no non-linearity of its own.
 * `nonlinear`: element by element, an activation function or part of one. `norm`: looks across the features of a token.
 */
export type OperatorKind = 'view' | 'arithmetic' | 'nonlinear' | 'norm' | 'other';

const KINDS: Readonly<Record<Exclude<OperatorKind, 'other'>, readonly string[]>> = {
  view: [
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
    'Gelu',
    'BiasGelu',
    'FastGelu',
    'QuickGelu',
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

/** The inputs of a view or element-wise node that carry values, not shapes, axes or quantisation parameters. */
export function dataInputs(node: OnnxNode): readonly string[] {
  const count = kindOf(node) === 'view' || kindOf(node) === 'norm' ? 1 : node.inputs.length;
  return node.inputs.slice(0, count).filter((name) => name !== '');
}
