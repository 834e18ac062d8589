import { describe, expect, it } from 'vitest';
import { randomOf, wholeBelow } from '../../../src/core/common/random';
import { KeyedBins } from '../../../src/core/concepts/screening/keyedBins';
import { LabelBits, LabelMatrix } from '../../../src/core/concepts/screening/labelMatrix';
import { RANK_LEVELS, RankTables } from '../../../src/core/concepts/screening/rankTables';
import { SiteScreen, type Screened } from '../../../src/core/concepts/screening/screen';
import { auroc } from '../../../src/core/concepts/statistics/auroc';
import { rank } from '../../../src/core/concepts/statistics/ranking';
import { dyadicBins } from '../../../src/core/stats/dyadicBins';
import { octaveBins, sixteenthBins } from '../../../src/core/stats/octaveBins';
import { openMatrixProducts } from '../../../src/runtime/onnxruntime/matrixProduct';
import { summarize } from '../stats/summarize';
import { plainByteProduct } from './plainProduct';
import { gaussian } from './simulatedCorpus';

const TOKENS = 3_000;
const random = randomOf('screening');

/** What activations look like: smooth, half of them 0, a steep end as GELU has it, few values, far outliers, one value. */
const SHAPES: Readonly<Record<string, (x: number, token: number) => number>> = {
  smooth: (x) => x,
  rectified: (x) => Math.max(0, x),
  'with a steep lower end': (x) => x / (1 + Math.exp(-1.702 * x)),
  'of seven values': (x) => Math.round(x),
  'with outliers': (x, token) => (token % 500 === 0 ? 1e6 * x : x),
  constant: () => 3,
};
const columns = Object.values(SHAPES).map((shape) =>
  Float32Array.from({ length: TOKENS }, (_, token) => shape(gaussian(random), token)),
);
const rows = Int32Array.from({ length: TOKENS }, (_, token) => token);
const labels = [0.02, 0.5, 0.05, 1].map((share) =>
  Uint8Array.from({ length: TOKENS }, () => (wholeBelow(random, 1_000) < share * 1_000 ? 1 : 0)),
);

describe('bins looked up by key', () => {
  it.each(Object.entries({ octaveBins, sixteenthBins, dyadicBins }))('are those of %s', (_, binning) => {
    const exponent = binning === dyadicBins ? -5 : 3;
    const { ofKey, start, perWidth } = new KeyedBins(binning).of(exponent);
    for (let i = 0; i < 20_000; i++) {
      const value = Math.fround(gaussian(random) * 2 ** -wholeBelow(random, 18));
      const found = binning.binOf(value, exponent);
      if (found < 0 || found >= binning.binCount) continue;
      // The one in the middle is of the values at 0.
      const bin = value < 0 ? found : found + 1;
      expect(ofKey[new Uint32Array(Float32Array.of(value).buffer)[0]! >>> 16]).toBe(bin);
      const within = (value - start[bin]!) * perWidth[bin]!;
      expect(within).toBeGreaterThanOrEqual(0);
      expect(within).toBeLessThanOrEqual(1);
    }
  });
});

describe.each(Object.keys(SHAPES).map((name, i) => [name, columns[i]!] as const))(
  'ranks of values, %s',
  (_, values) => {
    const summary = summarize(values);
    const tables = new RankTables(summary, new KeyedBins(summary.binning));
    const levels = new Int8Array(TOKENS);
    tables.fill(values, rows, 0, TOKENS, levels);

    it('miss the mid-distribution function by a bin and a level at the most', () => {
      const { midranks } = rank(values);
      for (let token = 0; token < TOKENS; token++) {
        const value = values[token]!;
        const bin = summary.binning.binOf(value, summary.exponent[0]!);
        const share = value === 0 ? 0 : summary.bins[bin]! / TOKENS;
        const exact = (midranks[token]! - 0.5) / TOKENS;
        expect(Math.abs((levels[token]! - 0.5) / RANK_LEVELS + 0.5 - exact)).toBeLessThanOrEqual(
          share + 1 / RANK_LEVELS + 1e-4,
        );
      }
    });

    it('have their ends, and the middle for what is no number', () => {
      const ends = new Int8Array(4);
      tables.fill(Float32Array.of(-1e30, 1e30, NaN, Infinity), Int32Array.of(0, 1, 2, 3), 0, 4, ends);
      expect([...ends]).toEqual([-100, 100, 0, 0]);
    });
  },
);

describe('a screening of all neurons', () => {
  const matrix = new LabelMatrix({ labels: labels.map((row) => LabelBits.of(row)), counted: 2 });

  async function screened(capacity: number, product = plainByteProduct): Promise<Screened[][]> {
    const results: Screened[][] = [];
    for (const column of columns) {
      const summary = summarize(column);
      const tables = new RankTables(summary, new KeyedBins(summary.binning));
      const screen = new SiteScreen(1, tables, matrix, product, capacity);
      for (let first = 0; first < TOKENS; first += 700) {
        const some = rows.slice(first, first + 700);
        await screen.add(column, some, some);
      }
      await screen.finish();
      results.push(labels.map((_, row) => screen.result(row)));
    }
    return results;
  }

  it('has the AUROC of values within what bins and levels leave open, and counts the highest hundredth', async () => {
    const results = await screened(1_000);
    columns.forEach((column, neuron) => {
      const { midranks } = rank(column);
      labels.slice(0, 3).forEach((row, labelling) => {
        expect(Math.abs(results[neuron]![labelling]!.auroc[0]! - auroc(midranks, row))).toBeLessThan(0.02);
      });
      expect(results[neuron]![3]!.auroc[0]).toBeNaN();
    });
    const { order } = rank(columns[0]!);
    const highest = [...order.slice(-TOKENS / 100)].filter((token) => labels[1]![token] === 1).length;
    expect(Math.abs(results[0]![1]!.top[0]! - highest)).toBeLessThanOrEqual(2);
    expect(results[0]![2]!.top).toHaveLength(0);
  });

  it('is the same to the last bit however many tokens are gathered, and by onnxruntime', async () => {
    const products = await openMatrixProducts(1);
    const once = await screened(4_096);
    expect(await screened(37)).toEqual(once);
    expect(await screened(1_000, products.multiplyBytes)).toEqual(once);
    await products.dispose();
  });
});
