import type { ActivationFunction } from './site';
import { ACTIVATION_FORMULAS } from './ffn/activationFunction';

/** A matrix as a graph holds it: [in, out], or [out, in] where `outFirst`. */
export interface PlainMatrix {
  readonly values: Float32Array;
  readonly outFirst: boolean;
  readonly inFeatures: number;
  readonly outFeatures: number;
}

/** The columns of a matrix that make one projection: every `step`-th one from `first` on. */
export interface Columns {
  readonly first: number;
  readonly step: number;
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
  { first, step }: Columns,
  exposed: Float32Array,
  neurons: number,
): number {
  const { values, outFirst, inFeatures, outFeatures } = matrix;
  const tokens = exposed.length / neurons;
  let largest = 0;
  for (let neuron = 0; neuron < neurons; neuron++) {
    const column = first + neuron * step;
    let low = Infinity;
    let high = -Infinity;
    for (let token = 0; token < tokens; token++) {
      let sum = 0;
      for (let at = 0; at < inFeatures; at++) {
        const weight = values[outFirst ? column * inFeatures + at : at * outFeatures + column] ?? NaN;
        sum += weight * (input[token * inFeatures + at] ?? NaN);
      }
      const rest = (exposed[token * neurons + neuron] ?? NaN) - sum;
      low = Math.min(low, rest);
      high = Math.max(high, rest);
    }
    largest = Math.max(largest, high - low);
  }
  return largest;
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
