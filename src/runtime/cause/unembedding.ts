import { LensError } from '../../core/common/errors';
import type { OpenSegment } from '../onnxruntime/openSegment';

/** Features that are looked at together. */
const TOGETHER = 32;

/**
 * The matrix that makes scores of what the final norm gives, whichever way it is stored, turned and scaled: read row by row
 * as what becomes of one feature at 1 and the others at 0, so that it need not fit into memory.
 */
export class Unembedding {
  /**
   * @param segment from what the unembedding reads to the scores
   * @param width features of the residual stream
   */
  constructor(
    private readonly segment: OpenSegment,
    readonly width: number,
    readonly vocabulary: number,
  ) {}

  /**
   * Reads the matrix once.
   * @param each takes a feature and its scores [vocabulary]
   * @returns [vocabulary] what is added whatever the features are
   */
  async read(each: (feature: number, scores: Float32Array) => void): Promise<Float32Array> {
    const { width, vocabulary } = this;
    let bias = new Float32Array(0);
    for (let first = 0; first < width; first += TOGETHER) {
      const count = Math.min(TOGETHER, width - first);
      const unit = new Float32Array((count + 1) * width);
      for (let at = 0; at < count; at++) unit[(at + 1) * width + first + at] = 1;
      const [result] = await this.segment.run(unit, [1, count + 1, width]);
      const values = result?.values ?? bias;
      if (values.length !== (count + 1) * vocabulary) {
        throw new LensError('unsupported-model', 'The unembedding of this model cannot be read by itself.');
      }
      bias = values.slice(0, vocabulary);
      for (let at = 1; at <= count; at++) {
        const row = values.subarray(at * vocabulary, (at + 1) * vocabulary);
        for (let token = 0; token < vocabulary; token++) row[token]! -= bias[token]!;
        each(first + at - 1, row);
      }
    }
    return bias;
  }

  /** The scores of some directions. @returns each [vocabulary] */
  async project(directions: readonly Float64Array[]): Promise<Float64Array[]> {
    const scores = directions.map(() => new Float64Array(this.vocabulary));
    await this.read((feature, row) => {
      directions.forEach((direction, at) => {
        const size = direction[feature]!;
        const sum = scores[at]!;
        for (let token = 0; token < row.length; token++) sum[token]! += size * row[token]!;
      });
    });
    return scores;
  }

  /** The directions of some tokens, and their mean over the vocabulary: each [width]. */
  async columns(tokens: readonly number[]): Promise<TokenDirections> {
    const directions = tokens.map(() => new Float64Array(this.width));
    const mean = new Float64Array(this.width);
    const bias = await this.read((feature, row) => {
      tokens.forEach((token, at) => (directions[at]![feature] = row[token]!));
      mean[feature] = row.reduce((sum, value) => sum + value, 0) / row.length;
    });
    return { directions, mean, bias: tokens.map((token) => bias[token]!) };
  }

  dispose(): Promise<void> {
    return this.segment.dispose();
  }
}

/** Columns of the unembedding. */
export interface TokenDirections {
  readonly directions: readonly Float64Array[];
  readonly mean: Float64Array;
  /** What is added to the score of each token. */
  readonly bias: readonly number[];
}
