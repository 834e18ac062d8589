import { randomOf, wholeBelow } from '../common/random';
import type { MetricsColumns } from '../profile/metrics/metricsLayout';
import { rowsOf, type LayeredRows } from './layeredRows';

/** More points than these cover each other. */
const MOST_SAMPLED = 1000;

/** A neuron of the sample. */
export interface SampledNeuron {
  readonly id: string;
  /** Number of its layer among the layers of the overview. */
  readonly layer: number;
  /** Share of tokens above the threshold. */
  readonly density: number;
  /** Excess. */
  readonly kurtosis: number;
}

/** Neurons for a picture with logarithmic axes. */
export interface NeuronSample {
  /** By density, the sparsest first. */
  readonly neurons: readonly SampledNeuron[];
  /** Of how many they were drawn: all that are alive and have a density and an excess kurtosis above 0. */
  readonly of: number;
}

/** Draws neurons at random, the same ones for the same seed. */
export function sampleNeurons(
  table: LayeredRows,
  { dead, density, kurtosis }: Pick<MetricsColumns, 'dead' | 'density' | 'kurtosis'>,
  seed: number,
): NeuronSample {
  const isDrawable = (row: number): boolean => dead[row] === 0 && density[row]! > 0 && kurtosis[row]! > 0;
  const drawable = table.layers.flatMap((layer, number) =>
    rowsOf(layer)
      .filter(isDrawable)
      .map((row) => ({ row, layer: number })),
  );
  const of = drawable.length;
  const random = randomOf(`overview ${seed}`);
  const count = Math.min(of, MOST_SAMPLED);
  for (let at = 0; at < count; at++) {
    const other = at + wholeBelow(random, of - at);
    [drawable[at], drawable[other]] = [drawable[other]!, drawable[at]!];
  }
  const neurons = drawable.slice(0, count).map(({ row, layer }): SampledNeuron => ({
    ...{ id: table.idOf(row), layer, density: density[row]!, kurtosis: kurtosis[row]! },
  }));
  return { neurons: neurons.sort((a, b) => a.density - b.density), of };
}
