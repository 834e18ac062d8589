import { shuffle, type Random } from '../common/random';
import type { ProbeFigures } from './conceptResults';
import { auroc } from './statistics/auroc';
import { rank } from './statistics/ranking';
import { scoresOf, sparseProbes } from './statistics/sparseProbe';
import { averagePrecision, thresholdCurve } from './statistics/thresholds';

const SIZES = [1, 2, 4, 8, 16];
/** Tokens that a regression is fitted on, of each class at most. */
const MOST_TOKENS = 600;

/**
 * How many of the chosen neurons it takes: regressions on half A that may use k of them, measured on half B.
 * @param columns [neurons][n] values, half A first. @param labels [n] @param inA tokens of half A.
 */
export function manyNeurons(
  columns: readonly Float32Array[],
  labels: Uint8Array,
  inA: number,
  random: Random,
): ProbeFigures {
  const sizes = SIZES.filter((k) => k <= columns.length);
  const fitted = [0, 1].flatMap((label) => {
    const tokens = Array.from({ length: inA }, (_, token) => token).filter(
      (token) => labels[token] === label,
    );
    return shuffle(tokens, random).slice(0, MOST_TOKENS);
  });
  const scales = columns.map((column) => scaleOf(column.subarray(0, inA)));
  const table = (tokens: ArrayLike<number>): Float32Array => {
    const features = new Float32Array(tokens.length * columns.length);
    columns.forEach((column, neuron) => {
      const { mean, std } = scales[neuron]!;
      for (let i = 0; i < tokens.length; i++) {
        features[i * columns.length + neuron] = (column[tokens[i]!]! - mean) / std;
      }
    });
    return features;
  };
  const width = columns.length;
  const probes = sparseProbes(
    { features: table(fitted), labels: Uint8Array.from(fitted, (token) => labels[token]!), width },
    sizes,
  );
  const inB = Array.from({ length: labels.length - inA }, (_, i) => inA + i);
  const features = table(inB);
  const figures = probes.map((probe) => {
    const ranking = rank(scoresOf(probe, { features, width }));
    const held = labels.subarray(inA);
    return { auroc: auroc(ranking.midranks, held), ap: averagePrecision(thresholdCurve(ranking, held)) };
  });
  return { k: sizes, auroc: figures.map((figure) => figure.auroc), ap: figures.map((figure) => figure.ap) };
}

function scaleOf(values: Float32Array): { mean: number; std: number } {
  let [sum, squares] = [0, 0];
  for (const value of values) {
    sum += value;
    squares += value * value;
  }
  const mean = sum / values.length;
  return { mean, std: Math.sqrt(Math.max(0, squares / values.length - mean * mean)) || 1 };
}
