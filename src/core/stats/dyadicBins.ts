import { type Binning, rememberEdges } from './binning';

const BIN_COUNT = 256;
const SUPER_BIN_COUNT = 16;

/**
 * The bins of profiles of format 1, which are still read: bin k covers [(k − 128)·2^e, (k − 127)·2^e), and each sixteen
 * share a store of samples. When the range grows, bins pair up.
 */
export const dyadicBins: Binning = {
  binCount: BIN_COUNT,
  superBinCount: SUPER_BIN_COUNT,
  startExponent: -24,
  binOf: (value, exponent) => Math.floor(value * 2 ** -exponent) + BIN_COUNT / 2,
  foldedBin: (bin, doublings) => paired(bin, doublings, BIN_COUNT / 2),
  superBinOf: (bin) => Math.floor(bin / (BIN_COUNT / SUPER_BIN_COUNT)),
  foldedSuperBin: (superBin, doublings) => paired(superBin, doublings, SUPER_BIN_COUNT / 2),
  edgesOf: rememberEdges((exponent) =>
    Float64Array.from({ length: BIN_COUNT / 2 + 1 }, (_, step) => step * 2 ** exponent),
  ),
};

/** Where a bin, counted from `zeroBin` at 0, comes to lie after its width doubled `doublings` times. */
function paired(bin: number, doublings: number, zeroBin: number): number {
  return Math.floor((bin - zeroBin) / 2 ** doublings) + zeroBin;
}
