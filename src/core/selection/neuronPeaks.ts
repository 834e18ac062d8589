import { ascendingOrder } from '../common/ascendingOrder';
import type { WindowActivations } from '../pipeline/textActivations';
import type { SiteBackground } from '../profile/queries/siteBackground';

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

/** Where each of a model's neurons is largest over the tokens that it was shown, with one number and one token each. */
export class NeuronPeaks {
  private readonly sites: readonly { readonly values: Float32Array; readonly tokens: Uint32Array }[];

  constructor(private readonly backgrounds: readonly SiteBackground[]) {
    this.sites = backgrounds.map(({ site }) => ({
      values: new Float32Array(site.dFf).fill(-Infinity),
      tokens: new Uint32Array(site.dFf),
    }));
  }

  /** Takes a window in. @param outputs in the order of the backgrounds; windows come in the order of the text. */
  add(outputs: readonly WindowActivations[]): void {
    outputs.forEach(({ site: { dFf }, values, tokens }, output) => {
      const largest = this.sites[output]!;
      tokens.forEach((token, row) => {
        if (token < 0) return;
        for (let neuron = 0, at = row * dFf; neuron < dFf; neuron += 1, at += 1) {
          if (!(values[at]! > largest.values[neuron]!)) continue;
          largest.values[neuron] = values[at]!;
          largest.tokens[neuron] = token;
        }
      });
    });
  }

  /** A neuron's largest value; null where it has none, or is no neuron of the backgrounds. */
  valueOf(output: number, neuron: number): number | null {
    const value = this.sites[output]?.values[neuron] ?? -Infinity;
    return value === -Infinity ? null : value;
  }

  /**
   * The neurons whose peak lies farthest out in their own background, by excess, largest first. It needs no histogram,
   * so all neurons of a model are looked at; exact percentiles are for the few that it returns.
   */
  strongest(limit: number): NeuronPeak[] {
    const most = this.backgrounds.reduce((sum, { site }) => sum + site.dFf, 0);
    const [outputs, neurons] = [new Uint32Array(most), new Uint32Array(most)];
    const lacks = new Float64Array(most);
    let found = 0;
    this.backgrounds.forEach((background, output) => {
      this.sites[output]!.values.forEach((value, neuron) => {
        if (value === -Infinity || background.silent[neuron] === 1) return;
        outputs[found] = output;
        neurons[found] = neuron;
        lacks[found] = -excessOf(value, background, neuron);
        found += 1;
      });
    });
    const strongest = ascendingOrder(lacks.subarray(0, found)).subarray(0, limit);
    return Array.from(strongest, (place) => {
      const [output, neuron] = [outputs[place]!, neurons[place]!];
      const { values, tokens } = this.sites[output]!;
      return { output, neuron, token: tokens[neuron]!, value: values[neuron]!, excess: -lacks[place]! };
    });
  }
}

function excessOf(value: number, background: SiteBackground, neuron: number): number {
  const tail = background.q999[neuron]!;
  const spread = tail - background.median[neuron]!;
  return spread > 0 ? (value - tail) / spread : value > tail ? Infinity : -Infinity;
}
