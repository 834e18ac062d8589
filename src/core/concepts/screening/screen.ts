import type { LabelMatrix } from './labelMatrix';
import { BELOW_TOP, RANK_LEVELS, type RankTables } from './rankTables';

/** Product of two matrices, row-major: [rows × inner] · [inner × columns]. */
export type MatrixProduct = (left: Float32Array, right: Float32Array, inner: number) => Promise<Float32Array>;
/** The same of bytes, exact: how labels are multiplied by ranks. */
export type ByteProduct = (left: Uint8Array, right: Int8Array, inner: number) => Promise<Int32Array>;

/** Tokens that a product takes at most, and the bytes that the ranks of all sites may take until then. */
const MOST_TOKENS = 4096;
const MOST_BYTES = 48 * 2 ** 20;

/** Tokens whose ranks are gathered before they are multiplied. @param neurons of all sites. */
export function tokensGathered(neurons: number): number {
  return Math.max(1, Math.min(MOST_TOKENS, Math.floor(MOST_BYTES / Math.max(1, neurons))));
}

/** What the screening says of one row of labels and every neuron of a site. */
export interface Screened {
  /** [neurons] AUROC from ranks; NaN where a class is empty. */
  readonly auroc: Float64Array;
  /** [neurons] positives among the neuron's top 1 %; empty where they are not counted. */
  readonly top: Int32Array;
}

/** Sums of ranks over the tokens of half A, for all neurons of a site and many labellings at once. */
export class SiteScreen {
  /** [labellings + 1 × neurons] sums of levels, exact up to 20 million tokens. */
  private readonly sums: Int32Array;
  private readonly tops: Int32Array;
  private readonly positives: Float64Array;
  /** [tokens gathered × neurons] and the numbers of these tokens. */
  private readonly levels: Int8Array;
  private readonly numbers: Int32Array;
  private gathered = 0;
  private tokens = 0;

  /** @param labels shared by all sites. @param capacity tokens that are gathered. */
  constructor(
    private readonly neurons: number,
    private readonly tables: RankTables,
    private readonly labels: LabelMatrix,
    private readonly product: ByteProduct,
    capacity: number,
  ) {
    const { counted, labels: all } = labels.labellings;
    this.sums = new Int32Array((all.length + 1) * neurons);
    this.tops = new Int32Array(counted * neurons);
    this.positives = new Float64Array(all.length);
    this.levels = new Int8Array(capacity * neurons);
    this.numbers = new Int32Array(capacity);
  }

  /** What its sums take. */
  get bytes(): number {
    return this.sums.byteLength + this.tops.byteLength;
  }

  /** @param values [rows × neurons] @param rows which of them. @param numbers which token of the labels each is. */
  async add(values: Float32Array, rows: Int32Array, numbers: Int32Array): Promise<void> {
    for (let first = 0; first < rows.length;) {
      const count = Math.min(rows.length - first, this.numbers.length - this.gathered);
      const levels = this.levels.subarray(this.gathered * this.neurons);
      this.tables.fill(values, rows, first, count, levels);
      this.numbers.set(numbers.subarray(first, first + count), this.gathered);
      this.gathered += count;
      first += count;
      if (this.gathered === this.numbers.length) await this.multiply();
    }
  }

  /** Brings in what was gathered since. To be called once, after the last token. */
  async finish(): Promise<void> {
    if (this.gathered > 0) await this.multiply();
  }

  result(labelling: number): Screened {
    const row = labelling * this.neurons;
    const all = this.positives.length * this.neurons;
    const positives = this.positives[labelling]!;
    const others = this.tokens - positives;
    const auroc = new Float64Array(this.neurons);
    for (let neuron = 0; neuron < auroc.length; neuron++) {
      const sum = this.sums[row + neuron]!;
      auroc[neuron] = 0.5 + (sum / positives - (this.sums[all + neuron]! - sum) / others) / RANK_LEVELS;
    }
    return { auroc, top: this.tops.slice(row, row + this.neurons) };
  }

  private async multiply(): Promise<void> {
    const tokens = this.gathered;
    const levels = this.levels.subarray(0, tokens * this.neurons);
    const { matrix, positives } = this.labels.of(this.numbers.subarray(0, tokens));
    positives.forEach((count, row) => (this.positives[row]! += count));
    addTo(this.sums, await this.product(matrix, levels, tokens));
    for (let i = 0; i < levels.length; i++) levels[i] = levels[i]! > BELOW_TOP ? 1 : 0;
    const counted = matrix.subarray(0, this.labels.labellings.counted * tokens);
    addTo(this.tops, await this.product(counted, levels, tokens));
    this.tokens += tokens;
    this.gathered = 0;
  }
}

function addTo(sums: Int32Array, more: Int32Array): void {
  for (let i = 0; i < sums.length; i++) sums[i]! += more[i]!;
}
