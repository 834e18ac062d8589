import type { RangeActivations } from '../pipeline/textActivations';
import type { SiteBackground } from './background';

/** A neuron at the token of a range where it is largest. */
export interface NeuronPeak {
  /** Index in the backgrounds and activations given. */
  readonly output: number;
  readonly neuron: number;
  /** Token counted within the range. */
  readonly token: number;
  readonly value: number;
  /** (peak − q99.9) / (q99.9 − median): how far the peak lies in the neuron's own tail. */
  readonly excess: number;
}

/**
 * The neurons whose peak over the range lies farthest out in their own background, by excess, largest first.
 * It needs no histogram, so all neurons of a model are looked at; exact percentiles are for the few that it returns.
 * @param activations in the order of `backgrounds`, [tokens × dFf] each.
 */
export function strongestNeurons(
  activations: readonly RangeActivations[],
  backgrounds: readonly SiteBackground[],
  limit: number,
): NeuronPeak[] {
  const peaks: NeuronPeak[] = [];
  activations.forEach(({ site, values }, output) => {
    const background = backgrounds[output];
    if (!background) return;
    for (let neuron = 0; neuron < site.dFf; neuron += 1) {
      if (background.silent[neuron] === 1) continue;
      const peak = peakOf(values, neuron, site.dFf);
      if (peak !== null)
        peaks.push({ output, neuron, ...peak, excess: excessOf(peak.value, background, neuron) });
    }
  });
  return peaks.sort((a, b) => b.excess - a.excess).slice(0, limit);
}

/** First token at which the neuron is largest; null where it has no value at all. */
function peakOf(values: Float32Array, neuron: number, dFf: number): { token: number; value: number } | null {
  let token = -1;
  let value = -Infinity;
  for (let row = 0, at = neuron; at < values.length; row += 1, at += dFf) {
    if (values[at]! > value) {
      value = values[at]!;
      token = row;
    }
  }
  return token < 0 ? null : { token, value };
}

function excessOf(value: number, background: SiteBackground, neuron: number): number {
  const tail = background.q999[neuron]!;
  const spread = tail - background.median[neuron]!;
  return spread > 0 ? (value - tail) / spread : value > tail ? Infinity : -Infinity;
}
