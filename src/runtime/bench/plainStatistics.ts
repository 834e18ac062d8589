const BINS = 256;
const EXAMPLES = 32;

/** What the plain way knows of one site in the end; columns have a row a neuron. */
export interface PlainStatistics {
  readonly mean: Float64Array;
  readonly std: Float64Array;
  readonly skewness: Float64Array;
  readonly kurtosis: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
  /** [neurons × 256] counts between min and max */
  readonly bins: Uint32Array;
  /** [neurons] values of the 32 largest and smallest tokens, best first, with the tokens' numbers */
  readonly largest: readonly Ranked[];
  readonly smallest: readonly Ranked[];
}

interface Ranked {
  readonly values: number[];
  readonly tokens: number[];
}

/**
 * Sums kept activations up as plainly as it can be written: two passes for moments and histogram, sorted lists for
 * examples.
 * @param kept [tokens × neurons] each, row-major
 */
export function plainStatistics(kept: readonly Float32Array[], neurons: number): PlainStatistics {
  const columns = () => new Float64Array(neurons);
  const ranked = () => Array.from({ length: neurons }, (): Ranked => ({ values: [], tokens: [] }));
  const [mean, std, skewness, kurtosis] = [columns(), columns(), columns(), columns()];
  const [min, max] = [columns().fill(Infinity), columns().fill(-Infinity)];
  const bins = new Uint32Array(neurons * BINS);
  const [largest, smallest] = [ranked(), ranked()];
  let tokens = 0;
  for (const values of kept) {
    for (let at = 0; at < values.length; tokens++) {
      for (let neuron = 0; neuron < neurons; neuron++, at++) {
        const value = values[at]!;
        mean[neuron]! += value;
        if (value < min[neuron]!) min[neuron] = value;
        if (value > max[neuron]!) max[neuron] = value;
        rank(largest[neuron]!, value, tokens, 1);
        rank(smallest[neuron]!, value, tokens, -1);
      }
    }
  }
  for (let neuron = 0; neuron < neurons; neuron++) mean[neuron]! /= tokens;
  for (const values of kept) {
    for (let at = 0; at < values.length;) {
      for (let neuron = 0; neuron < neurons; neuron++, at++) {
        const value = values[at]!;
        const deviation = value - mean[neuron]!;
        const square = deviation * deviation;
        std[neuron]! += square;
        skewness[neuron]! += square * deviation;
        kurtosis[neuron]! += square * square;
        const share = (value - min[neuron]!) / (max[neuron]! - min[neuron]!);
        bins[neuron * BINS + Math.min(BINS - 1, Math.floor(share * BINS))]! += 1;
      }
    }
  }
  for (let neuron = 0; neuron < neurons; neuron++) {
    const variance = std[neuron]! / tokens;
    std[neuron] = Math.sqrt(variance);
    skewness[neuron] = skewness[neuron]! / tokens / variance ** 1.5;
    kurtosis[neuron] = kurtosis[neuron]! / tokens / variance ** 2 - 3;
  }
  return { mean, std, skewness, kurtosis, min, max, bins, largest, smallest };
}

/** Puts a value into a list of the best by `sign`, if it belongs there. */
function rank({ values, tokens }: Ranked, value: number, token: number, sign: 1 | -1): void {
  let place = values.length;
  if (place === EXAMPLES && sign * value <= sign * values[EXAMPLES - 1]!) return;
  while (place > 0 && sign * value > sign * values[place - 1]!) place--;
  values.splice(place, 0, value);
  tokens.splice(place, 0, token);
  values.length = Math.min(values.length, EXAMPLES);
  tokens.length = Math.min(tokens.length, EXAMPLES);
}
