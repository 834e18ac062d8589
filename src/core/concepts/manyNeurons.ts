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
  const standardised = (valueOf: (column: Float32Array) => Float32Array): Float32Array[] =>
    columns.map((column, neuron) => standardise(valueOf(column), scales[neuron]!));
  const probes = sparseProbes(
    {
      columns: standardised((column) => Float32Array.from(fitted, (token) => column[token]!)),
      labels: Uint8Array.from(fitted, (token) => labels[token]!),
    },
    probeSizes(columns.length),
  );
  const held = standardised((column) => column.subarray(inA));
  return probes.map((probe) => rank(scoresOf(probe, held)));
}

function tokensOf(labels: Uint8Array, label: number): Uint32Array {
  const tokens = new Uint32Array(labels.length);
  let count = 0;
  for (let token = 0; token < labels.length; token++) if (labels[token] === label) tokens[count++] = token;
  return tokens.subarray(0, count);
}

interface Scale {
  readonly mean: number;
  readonly std: number;
}

function standardise(values: Float32Array, { mean, std }: Scale): Float32Array {
  const standardised = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) standardised[i] = (values[i]! - mean) / std;
  return standardised;
}

function scaleOf(values: Float32Array): Scale {
  let [sum, squares] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    sum += values[i]!;
    squares += values[i]! ** 2;
  }
  const mean = sum / values.length;
  return { mean, std: Math.sqrt(Math.max(0, squares / values.length - mean * mean)) || 1 };
}
