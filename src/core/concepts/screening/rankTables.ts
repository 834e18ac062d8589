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
/** Neurons whose values are fetched together: those of a token lie in one line of the cache. */
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
    const tile = new Float32Array(TILE * count);
    const ranked = new Int8Array(TILE * count);
    for (let start = 0; start < this.neurons; start += TILE) {
      const width = Math.min(TILE, this.neurons - start);
      for (let i = 0; i < count; i++) {
        const from = rows[first + i]! * this.neurons + start;
        for (let neuron = 0; neuron < width; neuron++) tile[neuron * count + i] = values[from + neuron]!;
      }
      for (let neuron = 0; neuron < width; neuron++) {
        const own = [neuron * count, (neuron + 1) * count] as const;
        this.fillNeuron(start + neuron, tile.subarray(...own), ranked.subarray(...own));
      }
      for (let i = 0; i < count; i++) {
        const to = i * this.neurons + start;
        for (let neuron = 0; neuron < width; neuron++) levels[to + neuron] = ranked[neuron * count + i]!;
      }
    }
  }

  /** One neuron after the other: what its tables are is looked up once, which takes half of the time if done for each value. */
  private fillNeuron(neuron: number, values: Float32Array, levels: Int8Array): void {
    const { start, perWidth, ofKey } = this.bins[neuron]!;
    const { zeroBin } = this;
    const below = this.below.subarray(neuron * this.entries, (neuron + 1) * this.entries);
    const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
    const atZero = Math.ceil(((below[zeroBin]! + below[zeroBin + 1]!) / 2) * LEVELS_OF_WHOLE) - MIDDLE;
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      if (value === 0) {
        levels[i] = atZero;
      } else if (value - value === 0) {
        const bin = ofKey[bits[i]! >>> KEY_SHIFT]!;
        const low = below[bin]!;
        const within = (value - start[bin]!) * perWidth[bin]!;
        const share = within < 0 ? 0 : within > 1 ? 1 : within;
        levels[i] = Math.ceil((low + (below[bin + 1]! - low) * share) * LEVELS_OF_WHOLE) - MIDDLE;
      } else {
        levels[i] = 0;
      }
    }
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
