import type { MatrixProduct } from '../screening/screen';
import { balanced } from './sparseProbe';

/** Rows of standardised features with their labels. */
export interface ProbeRows {
  /** [rows × width], row-major. */
  readonly features: Float32Array;
  /** [rows] 1 for a positive. */
  readonly labels: Uint8Array;
  readonly width: number;
}

/** Penalty on the squared weights, of features scaled so that all of them together are as long as the intercept. */
const RIDGE = 1e-3;
const MOST_STEPS = 200;
/** The fit ends with a step that moves no row by more of its own residual. */
const TOLERANCE = 1e-4;

/**
 * Weights of a logistic regression that may use all features, with an L2 penalty (Hoerl & Kennard 1970; le Cessie & van
 * Houwelingen 1992), classes weighing the same. There are more features than rows, so it is solved for one coefficient a
 * row (Schölkopf, Herbrich & Smola 2001), by accelerated gradients (Nesterov 1983).
 * @returns [features]; the intercept moves no rank and is left out.
 */
export async function denseProbe(
  { features, labels, width }: ProbeRows,
  product: MatrixProduct,
): Promise<Float32Array> {
  const rows = labels.length;
  const kernel = (await product(features, transposed(features, width), width)).map(
    (similarity) => similarity / width + 1,
  );
  const coefficients = await descend(kernel, labels, product);
  const weights = await product(coefficients, features, rows);
  return weights.map((weight) => weight / width);
}

/** @param kernel [rows × rows] @returns [rows] */
async function descend(
  kernel: Float32Array,
  labels: Uint8Array,
  product: MatrixProduct,
): Promise<Float32Array> {
  const rows = labels.length;
  const importance = balanced(labels);
  // The largest eigenvalue of the second derivative is at most their sum.
  let steepest = RIDGE;
  for (let row = 0; row < rows; row++) steepest += (importance[row]! * kernel[row * rows + row]!) / 4;
  let point = new Float64Array(rows);
  const ahead = new Float64Array(rows);
  const momentum = (Math.sqrt(steepest) - Math.sqrt(RIDGE)) / (Math.sqrt(steepest) + Math.sqrt(RIDGE));
  for (let step = 0; step < MOST_STEPS; step++) {
    const next = new Float64Array(rows);
    const margins = await product(kernel, new Float32Array(ahead), rows);
    let furthest = 0;
    for (let row = 0; row < rows; row++) {
      const residual = labels[row]! - 1 / (1 + Math.exp(-margins[row]!));
      next[row] = ahead[row]! + (importance[row]! * residual - RIDGE * ahead[row]!) / steepest;
      furthest = Math.max(furthest, (RIDGE * Math.abs(next[row]! - point[row]!)) / importance[row]!);
    }
    for (let row = 0; row < rows; row++) ahead[row] = next[row]! + momentum * (next[row]! - point[row]!);
    point = next;
    if (furthest < TOLERANCE) break;
  }
  return new Float32Array(point);
}

function transposed(matrix: Float32Array, width: number): Float32Array {
  const rows = matrix.length / width;
  const turned = new Float32Array(matrix.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < width; column++)
      turned[column * rows + row] = matrix[row * width + column]!;
  }
  return turned;
}
