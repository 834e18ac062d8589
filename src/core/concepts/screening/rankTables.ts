import { histogramOf } from '../../stats/histogram';
import { edgeOf, zeroBinOf } from '../../stats/histogram';
import type { Distributions } from '../../stats/siteSummary';

/** Neurons whose tables are used together: they stay in the first-level cache. */
const TILE = 8;

/**
 * Ranks of activations from 0 to 1 by a site's histograms: the mid-distribution function F, a straight line within each
 * bin, values at 0 exactly. What a rank misses by is at most the bin's share.
 */
export class RankTables {
  private readonly base: Float32Array;
  private readonly slope: Float32Array;
  private readonly atZero: Float32Array;

  constructor(private readonly distributions: Distributions) {
    const { neurons, binning } = distributions;
    this.base = new Float32Array(neurons * binning.binCount);
    this.slope = new Float32Array(neurons * binning.binCount);
    this.atZero = new Float32Array(neurons);
    for (let neuron = 0; neuron < neurons; neuron++) this.prepare(neuron);
  }

  /**
   * Ranks of some rows.
   * @param values [rows × neurons] @param rows which of them. @param ranks [rows asked × neurons] is filled; a value that
   * is no number has rank ½.
   */
  fill(values: Float32Array, rows: Int32Array, ranks: Float32Array): void {
    const { neurons, binning, exponent, min, max } = this.distributions;
    for (let tile = 0; tile < neurons; tile += TILE) {
      const end = Math.min(neurons, tile + TILE);
      for (let i = 0; i < rows.length; i++) {
        const from = rows[i]! * neurons;
        const to = i * neurons;
        for (let neuron = tile; neuron < end; neuron++) {
          const value = values[from + neuron]!;
          if (!(value - value === 0)) ranks[to + neuron] = 0.5;
          else if (value === 0) ranks[to + neuron] = this.atZero[neuron]!;
          else {
            const held = Math.min(max[neuron]!, Math.max(min[neuron]!, value));
            const cell = neuron * binning.binCount + binning.binOf(held, exponent[neuron]!);
            ranks[to + neuron] = this.base[cell]! + this.slope[cell]! * held;
          }
        }
      }
    }
  }

  private prepare(neuron: number): void {
    const histogram = histogramOf(this.distributions, neuron);
    const { bins, count, zeros } = histogram;
    const zeroBin = zeroBinOf(histogram);
    let before = 0;
    for (let bin = 0; bin < bins.length && count > 0; bin++) {
      const cell = neuron * bins.length + bin;
      if (bin === zeroBin) {
        this.atZero[neuron] = (before + zeros / 2) / count;
        before += zeros;
      }
      const within = bins[bin]! - (bin === zeroBin ? zeros : 0);
      const low = edgeOf(histogram, bin);
      const slope = within / count / (edgeOf(histogram, bin + 1) - low);
      this.slope[cell] = slope;
      this.base[cell] = before / count - slope * low;
      before += within;
    }
  }
}
