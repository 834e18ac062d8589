import type { LabelRuns } from '../statistics/rolledLabels';

/** Labels of tokens, a bit each: hundreds of rolled labellings are kept at once. */
export class LabelBits {
  private readonly bits: Uint8Array;

  /** @param tokens how many there are. @param positives which of them carry the label. */
  constructor(tokens: number, positives: LabelRuns) {
    this.bits = new Uint8Array((tokens + 7) >> 3);
    for (let i = 0; i < positives.length; i += 2) {
      const end = positives[i + 1]!;
      for (let token = positives[i]!; token < end; token++) this.bits[token >> 3]! |= 1 << (token & 7);
    }
  }

  /** @param labels [tokens] 1 for a positive. */
  static of(labels: Uint8Array): LabelBits {
    const row = new LabelBits(labels.length, new Uint32Array());
    for (let token = 0; token < labels.length; token++)
      row.bits[token >> 3]! |= labels[token]! << (token & 7);
    return row;
  }

  /** Lays the labels of some tokens side by side, 1 for a positive. @returns the positives among them */
  lay(numbers: Int32Array, into: Uint8Array): number {
    let positives = 0;
    for (let i = 0; i < numbers.length; i++) {
      const number = numbers[i]!;
      const label = (this.bits[number >> 3]! >> (number & 7)) & 1;
      into[i] = label;
      positives += label;
    }
    return positives;
  }
}

/** What neurons are screened for. */
export interface Labellings {
  readonly labels: readonly LabelBits[];
  /** How many, from the first on, positives are counted of among each neuron's highest values. */
  readonly counted: number;
}

/** Labels of some tokens. */
interface LaidLabels {
  readonly numbers: Int32Array;
  /** [labellings + 1 × tokens], the last row all ones. */
  readonly matrix: Uint8Array;
  /** [labellings] */
  readonly positives: Uint32Array;
}

/** Labels as matrices, each made once for all sites that have the same tokens. */
export class LabelMatrix {
  private last: LaidLabels | null = null;

  constructor(readonly labellings: Labellings) {}

  of(numbers: Int32Array): LaidLabels {
    if (this.last && isSame(this.last.numbers, numbers)) return this.last;
    const { labels } = this.labellings;
    const tokens = numbers.length;
    const matrix = new Uint8Array((labels.length + 1) * tokens).fill(1, labels.length * tokens);
    const positives = Uint32Array.from(labels, (row, at) =>
      row.lay(numbers, matrix.subarray(at * tokens, (at + 1) * tokens)),
    );
    this.last = { numbers: numbers.slice(), matrix, positives };
    return this.last;
  }
}

function isSame(one: Int32Array, other: Int32Array): boolean {
  return one.length === other.length && one.every((number, i) => number === other[i]);
}
