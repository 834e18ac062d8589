/**
 * How values are sorted into the bins of a histogram and into the super-bins that share a store of samples, as far as a
 * neuron's largest |value| has reached. Bins lie mirrored about 0, in ascending order of value; the middle one of
 * `binCount` begins at 0. When the range grows, whole bins fall together: counts stay exact, and histograms of different
 * ranges merge.
 */
export interface Binning {
  readonly binCount: number;
  readonly superBinCount: number;
  /** The range of a neuron that has seen no value. */
  readonly startExponent: number;
  /** @param exponent the neuron's range, which must hold the value. */
  readonly binOf: (value: number, exponent: number) => number;
  /** Where a bin comes to lie when the range's exponent grows by `steps`. */
  readonly foldedBin: (bin: number, steps: number) => number;
  readonly superBinOf: (bin: number) => number;
  readonly foldedSuperBin: (superBin: number, steps: number) => number;
  /**
   * [binCount / 2 + 1] where the bins on either side of 0 begin and end: the k-th from the middle holds values from
   * edge k up to edge k + 1, and the same below 0.
   */
  readonly edgesOf: (exponent: number) => Float64Array;
}

/** Remembers the edges of each exponent. */
export function rememberEdges(
  edgesOf: (exponent: number) => Float64Array,
): (exponent: number) => Float64Array {
  const known = new Map<number, Float64Array>();
  return (exponent) => {
    let edges = known.get(exponent);
    if (!edges) known.set(exponent, (edges = edgesOf(exponent)));
    return edges;
  };
}
