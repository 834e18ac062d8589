import type { Binning } from '../../stats/binning';

/** Bits of a float32 below its key: sign, exponent and seven bits of the mantissa. No bin begins within a key. */
export const KEY_SHIFT = 16;
const KEYS = 1 << 16;

/** The bins of one range, ready to be looked up. */
export interface RangeBins {
  /** [65,536] the bin of every key. */
  readonly ofKey: Uint16Array;
  /** [bins] where each begins, and 1 ÷ its width. */
  readonly start: Float32Array;
  readonly perWidth: Float32Array;
}

/** Tables of bins by range, each made once for all sites: looking a bin up takes a tenth of the time of working it out. */
export class KeyedBins {
  private readonly known = new Map<number, RangeBins>();

  constructor(private readonly binning: Binning) {}

  /** @param exponent a neuron's range. What lies beyond it is in the outermost bins. */
  of(exponent: number): RangeBins {
    const bins = this.known.get(exponent) ?? this.lay(exponent);
    this.known.set(exponent, bins);
    return bins;
  }

  private lay(exponent: number): RangeBins {
    const { binCount, binOf, edgesOf } = this.binning;
    const key = new Uint32Array(1);
    const value = new Float32Array(key.buffer);
    const ofKey = Uint16Array.from({ length: KEYS }, (_, upper) => {
      // The middle of the key, as one of its ends may belong to the next bin.
      key[0] = (upper << KEY_SHIFT) | (1 << (KEY_SHIFT - 1));
      return Math.max(0, Math.min(binCount - 1, binOf(value[0]!, exponent)));
    });
    const edges = edgesOf(exponent);
    const zeroBin = binCount / 2;
    const edge = (bin: number) => (bin < zeroBin ? -edges[zeroBin - bin]! : edges[bin - zeroBin]!);
    return {
      ofKey,
      start: Float32Array.from({ length: binCount }, (_, bin) => edge(bin)),
      perWidth: Float32Array.from({ length: binCount }, (_, bin) => 1 / (edge(bin + 1) - edge(bin))),
    };
  }
}
