import { elementsFrom, type ElementArrays, zeros } from '../common/elements';
import type { Binning } from './binning';

/**
 * What is kept of how a neuron's values are distributed, said once: from here memory and disk are laid out, neurons are
 * taken out of a site and merged, and src/runtime/reduction/assembly/summary.ts is written for the kernel
 * (tools/build/reductionKernel.mjs). `merge` is how two summaries become one: moments by Chan's and
 * Pébay's formulas, bins once the wider range holds both.
 */
export const DISTRIBUTION_COLUMNS = {
  /** Finite values of the population. */
  count: { element: 'float64', empty: 0, merge: 'moments' },
  nonFinite: { element: 'float64', empty: 0, merge: 'sum' },
  /** Values above 0, which the bins alone cannot tell from values at 0. */
  positive: { element: 'float64', empty: 0, merge: 'sum' },
  /** Σ|act|: exact, where bin midpoints would count the many values near 0 too high. */
  absoluteSum: { element: 'float64', empty: 0, merge: 'sum' },
  mean: { element: 'float64', empty: 0, merge: 'moments' },
  /** Sums of the second, third and fourth powers of the deviations from the mean. */
  m2: { element: 'float64', empty: 0, merge: 'moments' },
  m3: { element: 'float64', empty: 0, merge: 'moments' },
  m4: { element: 'float64', empty: 0, merge: 'moments' },
  min: { element: 'float32', empty: Infinity, merge: 'min' },
  max: { element: 'float32', empty: -Infinity, merge: 'max' },
  /** How far the bins reach: up to 2^(exponent + 1). */
  exponent: { element: 'int16', empty: ({ startExponent }: Binning) => startExponent, merge: 'max' },
  bins: { element: 'uint32', empty: 0, extent: ({ binCount }: Binning) => binCount, merge: 'bins' },
} as const;

export type DistributionName = keyof typeof DISTRIBUTION_COLUMNS;
export type Merge = (typeof DISTRIBUTION_COLUMNS)[DistributionName]['merge'];
export const DISTRIBUTION_NAMES = Object.keys(DISTRIBUTION_COLUMNS) as DistributionName[];

/** One array a statistic, one row a neuron. */
export type DistributionArrays = {
  readonly [Name in DistributionName]: ElementArrays[(typeof DISTRIBUTION_COLUMNS)[Name]['element']];
};

/** Numbers of a neuron in a column. */
export function extentOf(name: DistributionName, binning: Binning): number {
  const column = DISTRIBUTION_COLUMNS[name];
  return 'extent' in column ? column.extent(binning) : 1;
}

/** Columns by name. @param columnOf must give each name its own type of array. */
export function distributionArrays(
  columnOf: (name: DistributionName) => DistributionArrays[DistributionName],
): DistributionArrays {
  const arrays = Object.fromEntries(DISTRIBUTION_NAMES.map((name) => [name, columnOf(name)]));
  return arrays as unknown as DistributionArrays;
}

/** New columns, not yet emptied. */
export function newDistributionArrays(neurons: number, binning: Binning): DistributionArrays {
  return distributionArrays((name) =>
    zeros(DISTRIBUTION_COLUMNS[name].element, neurons * extentOf(name, binning)),
  );
}

/** Columns that lie in a memory at the addresses given. */
export function distributionArraysAt(
  buffer: ArrayBuffer | SharedArrayBuffer,
  at: Readonly<Record<DistributionName, number>>,
  neurons: number,
  binning: Binning,
): DistributionArrays {
  return distributionArrays((name) =>
    elementsFrom(DISTRIBUTION_COLUMNS[name].element, buffer, at[name], neurons * extentOf(name, binning)),
  );
}

/** Makes columns those of neurons without a value. */
export function emptyDistributionArrays(arrays: DistributionArrays, binning: Binning): void {
  for (const name of DISTRIBUTION_NAMES) {
    const { empty } = DISTRIBUTION_COLUMNS[name];
    arrays[name].fill(typeof empty === 'number' ? empty : empty(binning));
  }
}

/** One neuron's rows: views, no copies. */
export function distributionRow(
  arrays: DistributionArrays,
  neuron: number,
  binning: Binning,
): DistributionArrays {
  return distributionArrays((name) => {
    const extent = extentOf(name, binning);
    return arrays[name].subarray(neuron * extent, (neuron + 1) * extent);
  });
}
