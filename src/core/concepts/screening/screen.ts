/** Product of two matrices, row-major: [rows × inner] · [inner × columns]. */
export type MatrixProduct = (left: Float32Array, right: Float32Array, inner: number) => Promise<Float32Array>;

/** From this rank on a value is among the neuron's highest. */
const TOP_RANK = 0.99;

/** What the screening says of one row of labels and every neuron of a site. */
export interface Screened {
  /** [neurons] AUROC from ranks; NaN where a class is empty. */
  readonly auroc: Float64Array;
  /** [neurons] positives among the neuron's top 1 %. */
  readonly top: Float64Array;
}

/** Sums of ranks over the tokens of half A, for all neurons of a site and many labellings at once. */
export class SiteScreen {
  private readonly sums: Float64Array;
  private readonly tops: Float64Array;
  private readonly positives: Float64Array;
  private tokens = 0;

  /** @param labels [labellings][n] 1 for a positive; a labelling of all tokens is added to them. */
  constructor(
    private readonly neurons: number,
    private readonly labels: readonly Uint8Array[],
    private readonly product: MatrixProduct,
  ) {
    this.sums = new Float64Array((labels.length + 1) * neurons);
    this.tops = new Float64Array((labels.length + 1) * neurons);
    this.positives = new Float64Array(labels.length);
  }

  /** @param ranks [tokens × neurons], overwritten. @param numbers [tokens] which token of the labels each is. */
  async add(ranks: Float32Array, numbers: Int32Array): Promise<void> {
    const tokens = numbers.length;
    const rows = this.labels.length;
    const matrix = new Float32Array((rows + 1) * tokens).fill(1, rows * tokens);
    this.labels.forEach((labels, row) => {
      for (let i = 0; i < tokens; i++) {
        if (labels[numbers[i]!] === 0) continue;
        matrix[row * tokens + i] = 1;
        this.positives[row]! += 1;
      }
    });
    this.tokens += tokens;
    addTo(this.sums, await this.product(matrix, ranks, tokens));
    for (let i = 0; i < ranks.length; i++) ranks[i] = ranks[i]! > TOP_RANK ? 1 : 0;
    addTo(this.tops, await this.product(matrix, ranks, tokens));
  }

  result(labelling: number): Screened {
    const row = labelling * this.neurons;
    const all = this.labels.length * this.neurons;
    const positives = this.positives[labelling]!;
    const others = this.tokens - positives;
    const auroc = Float64Array.from({ length: this.neurons }, (_, neuron) => {
      const sum = this.sums[row + neuron]!;
      return 0.5 + sum / positives - (this.sums[all + neuron]! - sum) / others;
    });
    return { auroc, top: this.tops.slice(row, row + this.neurons) };
  }
}

function addTo(sums: Float64Array, more: Float32Array): void {
  for (let i = 0; i < sums.length; i++) sums[i]! += more[i]!;
}
