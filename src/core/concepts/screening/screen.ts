/** Product of two matrices, row-major: [rows × inner] · [inner × columns]. */
export type MatrixProduct = (left: Float32Array, right: Float32Array, inner: number) => Promise<Float32Array>;

/** From this rank on a value is among the neuron's highest. */
const TOP_RANK = 0.99;

/** What the screening says of one row of labels and every neuron of a site. */
export interface Screened {
  /** [neurons] AUROC from ranks; NaN where a class is empty. */
  readonly auroc: Float64Array;
  /** [neurons] positives among the neuron's top 1 %; empty where they are not counted. */
  readonly top: Float64Array;
}

/** What neurons are screened for. */
export interface Labellings {
  /** [labellings][n] 1 for a positive. */
  readonly labels: readonly Uint8Array[];
  /** How many, from the first on, positives are counted of among each neuron's highest values. */
  readonly counted: number;
}

/** Labels of some tokens. */
interface LaidLabels {
  readonly numbers: Int32Array;
  /** [labellings + 1 × tokens], the last row all ones. */
  readonly matrix: Float32Array;
  /** [labellings] */
  readonly positives: Uint32Array;
}

/** Labels as matrices, made once for all sites of a batch. */
export class LabelMatrix {
  private last: LaidLabels | null = null;

  constructor(readonly labellings: Labellings) {}

  /** @param numbers the tokens; the sites of a batch have the same array. */
  of(numbers: Int32Array): LaidLabels {
    if (this.last?.numbers === numbers) return this.last;
    const { labels } = this.labellings;
    const tokens = numbers.length;
    const matrix = new Float32Array((labels.length + 1) * tokens).fill(1, labels.length * tokens);
    const positives = new Uint32Array(labels.length);
    for (let row = 0; row < labels.length; row++) {
      const column = labels[row]!;
      for (let i = 0; i < tokens; i++) {
        const label = column[numbers[i]!]!;
        matrix[row * tokens + i] = label;
        positives[row]! += label;
      }
    }
    this.last = { numbers, matrix, positives };
    return this.last;
  }
}

/** Sums of ranks over the tokens of half A, for all neurons of a site and many labellings at once. */
export class SiteScreen {
  private readonly sums: Float64Array;
  private readonly tops: Float64Array;
  private readonly positives: Float64Array;
  private tokens = 0;

  /** @param labels shared by all sites. */
  constructor(
    private readonly neurons: number,
    private readonly labels: LabelMatrix,
    private readonly product: MatrixProduct,
  ) {
    const { counted, labels: all } = labels.labellings;
    this.sums = new Float64Array((all.length + 1) * neurons);
    this.tops = new Float64Array(counted * neurons);
    this.positives = new Float64Array(all.length);
  }

  /** @param ranks [tokens × neurons], overwritten. @param numbers [tokens] which token of the labels each is. */
  async add(ranks: Float32Array, numbers: Int32Array): Promise<void> {
    const tokens = numbers.length;
    const { matrix, positives } = this.labels.of(numbers);
    positives.forEach((count, row) => (this.positives[row]! += count));
    this.tokens += tokens;
    addTo(this.sums, await this.product(matrix, ranks, tokens));
    for (let i = 0; i < ranks.length; i++) ranks[i] = ranks[i]! > TOP_RANK ? 1 : 0;
    const counted = matrix.subarray(0, this.labels.labellings.counted * tokens);
    addTo(this.tops, await this.product(counted, ranks, tokens));
  }

  result(labelling: number): Screened {
    const row = labelling * this.neurons;
    const all = this.positives.length * this.neurons;
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
