import type { ActivationFunction } from '../site';
import { geluErf, geluTanh, sigmoid } from './evaluate';

/**
 * Where two activation functions are told apart: erf and tanh GELU differ by 4.7e-4 near −2, ReLU6 from ReLU above 6.
 * None lies beyond 7, where some models clamp (gpt-oss).
 */
export const PROBES: readonly number[] = [
  -6.5, -4, -3, -2.2, -2, -1.5, -1, -0.5, 0.25, 0.5, 1, 1.5, 2, 2.5, 3, 4, 6.5,
];

/** Half precision constants move a function by up to this much. */
const TOLERANCE = 3e-3;

const NAMED: readonly (readonly [ActivationFunction, (x: number) => number])[] = [
  ['relu', (x) => Math.max(0, x)],
  ['relu2', (x) => Math.max(0, x) ** 2],
  ['relu6', (x) => Math.min(6, Math.max(0, x))],
  ['gelu_erf', geluErf],
  ['gelu_tanh', geluTanh],
  ['gelu_quick', (x) => x * sigmoid(1.702 * x)],
  ['silu', (x) => x * sigmoid(x)],
  ['hardswish', (x) => x * Math.min(1, Math.max(0, x / 6 + 0.5))],
  ['mish', (x) => x * Math.tanh(Math.log1p(Math.exp(x)))],
  ['elu', (x) => (x < 0 ? Math.expm1(x) : x)],
  ['softplus', (x) => Math.log1p(Math.exp(x))],
  ['sigmoid', sigmoid],
  ['tanh', Math.tanh],
  ['bilinear', (x) => x],
];

/** The named activation functions by their formulas, for checks against the graph. */
export const ACTIVATION_FORMULAS: ReadonlyMap<ActivationFunction, (x: number) => number> = new Map(NAMED);

/**
 * Names a function by what it does, not by how its exporter wrote it down.
 * @param apply the function as the graph computes it; null where it cannot be evaluated
 * @param anyScale compare up to a constant factor, as in a product whose other factor carries one
 */
export function nameActivation(apply: (x: number) => number | null, anyScale: boolean): ActivationFunction {
  let best: ActivationFunction = 'other';
  let least = TOLERANCE;
  for (const [name, formula] of NAMED) {
    const scale = anyScale ? (apply(1) ?? NaN) / formula(1) : 1;
    const difference = Math.max(
      ...PROBES.map((x) => {
        const value = apply(x);
        return value === null ? Infinity : Math.abs(value / scale - formula(x));
      }),
    );
    if (difference < least) [best, least] = [name, difference];
  }
  return best;
}
