/** Rows of standardised features with their labels. */
export interface ProbeData {
  /** [rows × features], row-major. */
  readonly features: Float32Array;
  /** [rows] 1 for a positive. */
  readonly labels: Uint8Array;
  readonly width: number;
}

/** A logistic regression: its score is Σ weight × feature; the intercept moves no rank and is left out. */
export interface Probe {
  /** [features], most of them 0. */
  readonly weights: Float64Array;
}

/** Steps of the path of penalties, down to this share of the one that lets no feature in. */
const PATH_STEPS = 20;
const PATH_END = 1e-3;
/** Newton steps of a fit, sweeps of coordinate descent within one, and halvings of a step that goes too far. */
const MOST_STEPS = 20;
const MOST_SWEEPS = 50;
const MOST_HALVINGS = 10;
/** A step that moves no weight by more ends a fit; on the path, where only the order of features counts, sooner. */
const TOLERANCE = 1e-3;
const PATH_TOLERANCE = 2e-2;
/** Least p (1 − p): where the classes are told apart without a fault the loss is next to flat. */
const LEAST_VARIANCE = 1e-3;
/** Keeps the fit finite where the classes can be told apart without a fault. */
const RIDGE = 1e-3;

/**
 * Logistic regressions that may use k of the features: an L1 penalty (Tibshirani 1996) is lowered until k of them have
 * a weight, and the k of largest weight are then fitted by themselves (the relaxed lasso, Meinshausen 2007), for
 * each k asked. Cyclic coordinate descent on the quadratic bound of the loss (Böhning & Lindsay 1988), classes weighing the same.
 * @param sizes ascending. @returns one probe a size; of fewer features where no more help
 */
export function sparseProbes(data: ProbeData, sizes: readonly number[]): Probe[] {
  const fit = new LogisticFit(data);
  const largest = fit.largestGradient();
  const probes: Probe[] = [];
  for (let step = 0; step < PATH_STEPS && probes.length < sizes.length; step++) {
    fit.descend(largest * PATH_END ** (step / (PATH_STEPS - 1)), 0, PATH_TOLERANCE);
    while (probes.length < sizes.length && fit.active().length >= sizes[probes.length]!) {
      probes.push(refit(data, fit.active().slice(0, sizes[probes.length])));
    }
  }
  while (probes.length < sizes.length) probes.push(refit(data, fit.active().slice(0, sizes[probes.length])));
  return probes;
}

function refit(data: ProbeData, features: readonly number[]): Probe {
  const fit = new LogisticFit(data, features);
  fit.descend(0, RIDGE);
  return { weights: fit.weights };
}

/** Scores of rows: the higher, the more like a positive. */
export function scoresOf({ weights }: Probe, { features, width }: Omit<ProbeData, 'labels'>): Float32Array {
  const scores = new Float32Array(features.length / width);
  const used = [...weights.keys()].filter((feature) => weights[feature] !== 0);
  for (let row = 0; row < scores.length; row++) {
    let score = 0;
    for (let i = 0; i < used.length; i++) score += weights[used[i]!]! * features[row * width + used[i]!]!;
    scores[row] = score;
  }
  return scores;
}

/**
 * One fit, of all features or of some; the loss is the mean over both classes, each weighing one half. Newton steps, each
 * solved by cyclic coordinate descent on the loss's quadratic form (Friedman, Hastie & Tibshirani 2010).
 */
export class LogisticFit {
  /** [features] */
  readonly weights: Float64Array;
  private intercept = 0;
  /** Features that may be used; the intercept counts as one more, with a value of 1 everywhere. */
  private readonly columns: readonly number[];
  private readonly rows: number;
  /** [rows] */
  private readonly importance: Float64Array;
  /** [columns][rows] the features that may be used, and 1 for the intercept. */
  private readonly design: readonly Float64Array[];

  constructor(
    private readonly data: ProbeData,
    allowed: readonly number[] = Array.from({ length: data.width }, (_, i) => i),
  ) {
    const { labels, features, width } = data;
    this.rows = labels.length;
    this.columns = allowed;
    this.weights = new Float64Array(width);
    this.importance = balanced(labels);
    this.design = [
      ...allowed.map((feature) =>
        Float64Array.from({ length: this.rows }, (_, row) => features[row * width + feature]!),
      ),
      new Float64Array(this.rows).fill(1),
    ];
  }

  /** Features in use, those of largest weight first. */
  active(): number[] {
    return [...this.weights.keys()]
      .filter((feature) => this.weights[feature] !== 0)
      .sort((a, b) => Math.abs(this.weights[b]!) - Math.abs(this.weights[a]!) || a - b);
  }

  /** The penalty from which on no feature comes in. */
  largestGradient(): number {
    const { gradient } = this.slopeAt(this.current());
    return Math.max(...this.columns.map((_, i) => Math.abs(gradient[i]!)));
  }

  /** Brings the weights to the optimum of loss + `lasso` Σ|w| + `ridge` Σw²/2, from where they are. */
  descend(lasso: number, ridge: number, tolerance = TOLERANCE): void {
    let point = this.current();
    for (let step = 0; step < MOST_STEPS; step++) {
      const { gradient, curvature, loss } = this.slopeAt(point);
      const change = newtonStep(point, gradient, curvature, lasso, ridge);
      const before = loss + penaltyOf(point, lasso, ridge);
      let next = moved(point, change, 1);
      for (let halving = 1; halving <= MOST_HALVINGS; halving++) {
        if (this.lossAt(next) + penaltyOf(next, lasso, ridge) <= before) break;
        next = moved(point, change, 2 ** -halving);
      }
      point = next;
      if (Math.max(...change.map(Math.abs)) < tolerance) break;
    }
    this.columns.forEach((feature, i) => (this.weights[feature] = point[i]!));
    this.intercept = point.at(-1)!;
  }

  private current(): Float64Array {
    return Float64Array.from([...this.columns.map((feature) => this.weights[feature]!), this.intercept]);
  }

  /** Loss, its downward slope and its second derivatives [size × size]. */
  private slopeAt(point: Float64Array): { gradient: Float64Array; curvature: Float64Array; loss: number } {
    const { design, importance, rows } = this;
    const { labels } = this.data;
    const size = point.length;
    const margins = this.marginsAt(point);
    const residual = new Float64Array(rows);
    const variance = new Float64Array(rows);
    for (let row = 0; row < rows; row++) {
      const probability = 1 / (1 + Math.exp(-margins[row]!));
      residual[row] = importance[row]! * (labels[row]! - probability);
      variance[row] = importance[row]! * Math.max(LEAST_VARIANCE, probability * (1 - probability));
    }
    const gradient = Float64Array.from(design, (column) => dot(residual, column));
    const curvature = new Float64Array(size * size);
    const weighted = new Float64Array(rows);
    for (let i = 0; i < size; i++) {
      const column = design[i]!;
      for (let row = 0; row < rows; row++) weighted[row] = variance[row]! * column[row]!;
      for (let j = 0; j <= i; j++) {
        curvature[i * size + j] = curvature[j * size + i] = dot(weighted, design[j]!);
      }
    }
    return { gradient, curvature, loss: this.lossOf(margins) };
  }

  private lossAt(point: Float64Array): number {
    return this.lossOf(this.marginsAt(point));
  }

  private lossOf(margins: Float64Array): number {
    const { importance } = this;
    const { labels } = this.data;
    let loss = 0;
    for (let row = 0; row < margins.length; row++) {
      loss += importance[row]! * lossOf(labels[row]!, margins[row]!);
    }
    return loss;
  }

  private marginsAt(point: Float64Array): Float64Array {
    const margins = new Float64Array(this.rows);
    this.design.forEach((column, i) => {
      const weight = point[i]!;
      if (weight === 0) return;
      for (let row = 0; row < margins.length; row++) margins[row]! += weight * column[row]!;
    });
    return margins;
  }
}

/** Σ one × other over the entries of the first, in four sums, none of which waits for another: a third of the time. */
function dot(one: Float64Array, other: Float64Array): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  const whole = one.length - (one.length % 4);
  for (let i = 0; i < whole; i += 4) {
    a += one[i]! * other[i]!;
    b += one[i + 1]! * other[i + 1]!;
    c += one[i + 2]! * other[i + 2]!;
    d += one[i + 3]! * other[i + 3]!;
  }
  for (let i = whole; i < one.length; i++) a += one[i]! * other[i]!;
  return a + b + (c + d);
}

/** [rows] what each row counts for: of sum 1, half of it on either class. */
export function balanced(labels: Uint8Array): Float64Array {
  const positives = labels.reduce((sum, label) => sum + label, 0);
  return Float64Array.from(labels, (label) => 0.5 / (label === 1 ? positives : labels.length - positives));
}

/** −log P(label), without overflow. */
function lossOf(label: number, margin: number): number {
  const wrong = label === 1 ? -margin : margin;
  return Math.max(0, wrong) + Math.log1p(Math.exp(-Math.abs(wrong)));
}

/** The last weight is the intercept's, which no penalty is on. */
function penaltyOf(point: Float64Array, lasso: number, ridge: number): number {
  let penalty = 0;
  for (let i = 0; i + 1 < point.length; i++) {
    penalty += lasso * Math.abs(point[i]!) + (ridge * point[i]! ** 2) / 2;
  }
  return penalty;
}

function moved(point: Float64Array, change: Float64Array, by: number): Float64Array {
  return point.map((weight, i) => weight + by * change[i]!);
}

/** The change of weights that brings the quadratic form with its penalties to its minimum. */
function newtonStep(
  point: Float64Array,
  slope: Float64Array,
  curvature: Float64Array,
  lasso: number,
  ridge: number,
): Float64Array {
  const size = point.length;
  const gradient = slope.slice();
  const change = new Float64Array(size);
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let largest = 0;
    for (let i = 0; i < size; i++) {
      const own = curvature[i * size + i]!;
      if (own === 0) continue;
      const weight = point[i]! + change[i]!;
      const target = own * weight + gradient[i]!;
      const isIntercept = i === size - 1;
      const after = isIntercept
        ? target / own
        : (Math.sign(target) * Math.max(0, Math.abs(target) - lasso)) / (own + ridge);
      const by = after - weight;
      if (by === 0) continue;
      change[i]! += by;
      for (let j = 0; j < size; j++) gradient[j]! -= curvature[i * size + j]! * by;
      largest = Math.max(largest, Math.abs(by));
    }
    if (largest < TOLERANCE / 10) break;
  }
  return change;
}
