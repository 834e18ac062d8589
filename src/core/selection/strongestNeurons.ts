import { ascendingOrder } from '../common/ascendingOrder';
import type { RangeActivations } from '../pipeline/textActivations';
import type { SiteBackground } from '../profile/reading/siteBackground';

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
  const most = activations.reduce((sum, { site }) => sum + site.dFf, 0);
  const [outputs, neurons, tokens] = [new Uint32Array(most), new Uint32Array(most), new Uint32Array(most)];
  const [values, lacks] = [new Float32Array(most), new Float64Array(most)];
  let found = 0;
  activations.forEach(({ site, values: activated }, output) => {
    const background = backgrounds[output];
    if (!background) return;
    for (let neuron = 0; neuron < site.dFf; neuron += 1) {
      if (background.silent[neuron] === 1) continue;
      const token = peakOf(activated, neuron, site.dFf);
      if (token < 0) continue;
      const value = activated[token * site.dFf + neuron]!;
      outputs[found] = output;
      neurons[found] = neuron;
      tokens[found] = token;
      values[found] = value;
      lacks[found] = -excessOf(value, background, neuron);
      found += 1;
    }
  });
  const strongest = ascendingOrder(lacks.subarray(0, found)).subarray(0, limit);
  return Array.from(strongest, (place) => ({
    output: outputs[place]!,
    neuron: neurons[place]!,
    token: tokens[place]!,
    value: values[place]!,
    excess: -lacks[place]!,
  }));
}

/** First token at which the neuron is largest; −1 where it has no value at all. */
function peakOf(values: Float32Array, neuron: number, dFf: number): number {
  let token = -1;
  let largest = -Infinity;
  for (let row = 0, at = neuron; at < values.length; row += 1, at += dFf) {
    if (values[at]! > largest) {
      largest = values[at]!;
      token = row;
    }
  }
  return token;
}

function excessOf(value: number, background: SiteBackground, neuron: number): number {
  const tail = background.q999[neuron]!;
  const spread = tail - background.median[neuron]!;
  return spread > 0 ? (value - tail) / spread : value > tail ? Infinity : -Infinity;
}
