import type { ActivationFunction } from './site';
import type { FeatureHalf } from './ffn/halves';
import { ACTIVATION_FORMULAS } from './ffn/activationFunction';

/** A matrix as a graph holds it: [in, out], or [out, in] where `outFirst`. */
export interface PlainMatrix {
  readonly values: Float32Array;
  readonly outFirst: boolean;
  readonly inFeatures: number;
  readonly outFeatures: number;
}

/** The columns of a matrix that make one projection: every `step`-th one from `first` on. */
export interface ColumnSlice {
  readonly first: number;
  readonly step: number;
}

/** Where the columns of a projection stand in its matrix, which may hold two of them. */
export function projectionColumns(half: FeatureHalf | null, neurons: number): ColumnSlice {
  if (!half) return { first: 0, step: 1 };
  return half.interleaved ? { first: half.index, step: 2 } : { first: half.index * neurons, step: 1 };
}

/** Column `neuron` of a projection. @returns [in] */
export function columnOf(matrix: PlainMatrix, { first, step }: ColumnSlice, neuron: number): Float64Array {
  const { values, outFirst, inFeatures, outFeatures } = matrix;
  const column = first + neuron * step;
  return Float64Array.from(
    { length: inFeatures },
    (_, at) => values[outFirst ? column * inFeatures + at : at * outFeatures + column]!,
  );
}

/**
 * How far an exposed projection is from matrix × input, in float64. Its bias is one number a neuron, whichever the graph
 * adds, so what is measured is how much the rest varies over the tokens.
 * @param input [tokens × in]
 * @param exposed [tokens × neurons]
 */
export function projectionGap(
  input: Float32Array,
  matrix: PlainMatrix,
  columns: ColumnSlice,
  exposed: Float32Array,
  neurons: number,
): number {
  const low = new Float64Array(neurons).fill(Infinity);
  const high = new Float64Array(neurons).fill(-Infinity);
  const product = new Float64Array(neurons);
  for (let token = 0; token * neurons < exposed.length; token++) {
    const from = token * matrix.inFeatures;
    multiply(input.subarray(from, from + matrix.inFeatures), matrix, columns, product);
    for (let neuron = 0; neuron < neurons; neuron++) {
      const rest = exposed[token * neurons + neuron]! - product[neuron]!;
      low[neuron] = Math.min(low[neuron]!, rest);
      high[neuron] = Math.max(high[neuron]!, rest);
    }
  }
  return high.reduce((largest, value, neuron) => Math.max(largest, value - low[neuron]!), 0);
}

/** Chosen columns of a matrix times one token's input, in float64, walking the matrix as it lies in memory. */
function multiply(
  input: Float32Array,
  { values, outFirst, inFeatures, outFeatures }: PlainMatrix,
  { first, step }: ColumnSlice,
  product: Float64Array,
): void {
  if (outFirst) {
    for (let neuron = 0; neuron < product.length; neuron++) {
      const from = (first + neuron * step) * inFeatures;
      let sum = 0;
      for (let at = 0; at < inFeatures; at++) sum += values[from + at]! * input[at]!;
      product[neuron] = sum;
    }
    return;
  }
  product.fill(0);
  for (let at = 0; at < inFeatures; at++) {
    const from = at * outFeatures + first;
    const x = input[at]!;
    for (let neuron = 0; neuron < product.length; neuron++)
      product[neuron]! += values[from + neuron * step]! * x;
  }
}

/**
 * How far exposed activations are from the named activation function of the exposed pre-activations, times the up
 * projection where there is one.
 * @returns null where the function has no name
 */
export function activationGap(
  activation: ActivationFunction,
  act: Float32Array,
  gate: Float32Array,
  up: Float32Array | null,
): number | null {
  const formula = ACTIVATION_FORMULAS.get(activation);
  if (!formula) return null;
  return act.reduce(
    (largest, value, at) =>
      Math.max(largest, Math.abs(value - formula(gate[at] ?? NaN) * (up ? (up[at] ?? NaN) : 1))),
    0,
  );
}
