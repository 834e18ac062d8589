import { histogramOf, zeroBinOf } from '../../stats/histogram';
import type { Distributions } from '../../stats/siteSummary';
import { KEY_SHIFT, type KeyedBins, type RangeBins } from './keyedBins';

/** Levels of a rank from 0 to 1: a neuron's highest hundredth is the last two. */
export const RANK_LEVELS = 200;
/** Rank ½ is kept as level 0, so that a level fits a byte with a sign. */
const MIDDLE = RANK_LEVELS / 2;
/** A kept level above this one is of the neuron's highest hundredth. */
export const BELOW_TOP = 0.99 * RANK_LEVELS - MIDDLE;

/** Shares of a distribution are kept in so many parts. */
const WHOLE = 65_535;
const LEVELS_OF_WHOLE = RANK_LEVELS / WHOLE;
/** Neurons whose tables are used together: they stay in the first-level cache. */
const TILE = 16;

/**
 * Ranks of activations by a site's histograms, in levels: the mid-distribution function F, a straight line within each
 * bin, values at 0 exactly. What a rank misses by is at most the bin's share and a level.
 */
export class RankTables {
  /**
   * [neurons × (bins + 2)] share of the values below each bin's start, at last below the end; the bin that begins at 0
   * has two entries, without the values at 0 and with them.
   */
  private readonly below: Uint16Array;
  private readonly neurons: number;
  private readonly entries: number;
  private readonly zeroBin: number;
  private readonly bins: readonly RangeBins[];

  /** @param keyed of the distributions' own binning. */
  constructor(distributions: Distributions, keyed: KeyedBins) {
    const { neurons, binning, exponent } = distributions;
    this.neurons = neurons;
    this.entries = binning.binCount + 2;
    this.zeroBin = binning.binCount / 2;
    this.bins = Array.from(exponent, (range) => keyed.of(range));
    this.below = new Uint16Array(neurons * this.entries);
    for (let neuron = 0; neuron < neurons; neuron++) this.prepare(distributions, neuron);
  }

  /**
   * Ranks of rows `[first, first + count)` of those asked.
   * @param values [rows × neurons] @param rows which of them. @param levels [count × neurons] is filled with kept levels,
   * −100 to 100; a value that is no finite number has rank ½.
   */
  fill(values: Float32Array, rows: Int32Array, first: number, count: number, levels: Int8Array): void {
    const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
    for (let tile = 0; tile < this.neurons; tile += TILE) {
      const end = Math.min(this.neurons, tile + TILE);
      for (let i = 0; i < count; i++) {
        const from = rows[first + i]! * this.neurons;
        const to = i * this.neurons;
        for (let neuron = tile; neuron < end; neuron++) {
          levels[to + neuron] = this.levelOf(neuron, values[from + neuron]!, bits[from + neuron]!);
        }
      }
    }
  }

  private levelOf(neuron: number, value: number, bits: number): number {
    const first = neuron * this.entries;
    if (value === 0) {
      const at = first + this.zeroBin;
      return Math.ceil(((this.below[at]! + this.below[at + 1]!) / 2) * LEVELS_OF_WHOLE) - MIDDLE;
    }
    if (!(value - value === 0)) return 0;
    const { start, perWidth, ofKey } = this.bins[neuron]!;
    const bin = ofKey[bits >>> KEY_SHIFT]!;
    const at = first + (bin < this.zeroBin ? bin : bin + 1);
    const low = this.below[at]!;
    const within = Math.min(1, Math.max(0, (value - start[bin]!) * perWidth[bin]!));
    return Math.ceil((low + (this.below[at + 1]! - low) * within) * LEVELS_OF_WHOLE) - MIDDLE;
  }

  private prepare(distributions: Distributions, neuron: number): void {
    const histogram = histogramOf(distributions, neuron);
    const { bins, count, zeros } = histogram;
    if (count === 0) return;
    const zeroBin = zeroBinOf(histogram);
    let before = 0;
    let at = neuron * this.entries;
    const keep = (values: number) => (this.below[at++] = Math.round((values / count) * WHOLE));
    for (let bin = 0; bin < bins.length; bin++) {
      keep(before);
      if (bin === zeroBin) keep(before + zeros);
      before += bins[bin]!;
    }
    keep(before);
  }
}
