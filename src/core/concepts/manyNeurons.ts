import { shuffle, type Random } from '../common/random';
import { rank, type Ranking } from './statistics/ranking';
import { scoresOf, sparseProbes } from './statistics/sparseProbe';

const SIZES = [1, 2, 4, 8, 16];
/** Tokens that a regression is fitted on, of each class at most. */
const MOST_TOKENS = 600;

/** How many of `neurons` chosen ones regressions may use. */
export function probeSizes(neurons: number): number[] {
  return SIZES.filter((k) => k <= neurons);
}

/**
 * How many of the chosen neurons it takes: regressions on half A that may use k of them, and how they rank half B.
 * @param columns [neurons][n] values, half A first. @param labels [n] @param inA tokens of half A.
 * @returns one ranking of the tokens of B for each of `probeSizes`
 */
export function manyNeurons(
  columns: readonly Float32Array[],
  labels: Uint8Array,
  inA: number,
  random: Random,
): Ranking[] {
  const fitted = [0, 1].flatMap((label) => [
    ...shuffle(tokensOf(labels.subarray(0, inA), label), random).subarray(0, MOST_TOKENS),
  ]);
  const scales = columns.map((column) => scaleOf(column.subarray(0, inA)));
  const width = columns.length;
  const standardised = (tokens: ArrayLike<number>): Float32Array => {
    const features = new Float32Array(tokens.length * width);
    columns.forEach((column, neuron) => {
      const { mean, std } = scales[neuron]!;
      for (let i = 0; i < tokens.length; i++) {
        features[i * width + neuron] = (column[tokens[i]!]! - mean) / std;
      }
    });
    return features;
  };
  const probes = sparseProbes(
    { features: standardised(fitted), labels: Uint8Array.from(fitted, (token) => labels[token]!), width },
    probeSizes(width),
  );
  const held = { features: standardised(tokensFrom(inA, labels.length)), width };
  return probes.map((probe) => rank(scoresOf(probe, held)));
}

function tokensFrom(start: number, end: number): Uint32Array {
  const tokens = new Uint32Array(end - start);
  for (let i = 0; i < tokens.length; i++) tokens[i] = start + i;
  return tokens;
}

function tokensOf(labels: Uint8Array, label: number): Uint32Array {
  const tokens = new Uint32Array(labels.length);
  let count = 0;
  for (let token = 0; token < labels.length; token++) if (labels[token] === label) tokens[count++] = token;
  return tokens.subarray(0, count);
}

function scaleOf(values: Float32Array): { mean: number; std: number } {
  let [sum, squares] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    sum += values[i]!;
    squares += values[i]! ** 2;
  }
  const mean = sum / values.length;
  return { mean, std: Math.sqrt(Math.max(0, squares / values.length - mean * mean)) || 1 };
}
