/** Standardised features with the labels of their rows. */
export interface ProbeColumns {
  /** [features][rows] */
  readonly columns: readonly Float32Array[];
  /** [rows] 1 for a positive. */
  readonly labels: Uint8Array;
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
export function sparseProbes(data: ProbeColumns, sizes: readonly number[]): Probe[] {
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

function refit(data: ProbeColumns, features: readonly number[]): Probe {
  const fit = new LogisticFit(data, features);
  fit.descend(0, RIDGE);
  return { weights: fit.weights };
}

/** Scores of rows: the higher, the more like a positive. @param columns [features][rows] */
export function scoresOf({ weights }: Probe, columns: readonly Float32Array[]): Float32Array {
  const scores = new Float64Array(columns[0]?.length ?? 0);
  weights.forEach((weight, feature) => {
    if (weight === 0) return;
    const column = columns[feature]!;
    for (let row = 0; row < scores.length; row++) scores[row]! += weight * column[row]!;
  });
  return new Float32Array(scores);
}

/** Weights with the intercept behind them, and what they give. */
interface FitPoint {
  readonly point: Float64Array;
  /** [rows] */
  readonly margins: Float64Array;
  readonly loss: number;
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
  private readonly allowed: readonly number[];
  private readonly rows: number;
  /** [rows] */
  private readonly importance: Float64Array;
  /** [allowed + 1][rows] the features that may be used, and 1 for the intercept. */
  private readonly design: readonly Float64Array[];

  constructor(
    private readonly data: ProbeColumns,
    allowed: readonly number[] = Array.from(data.columns, (_, i) => i),
  ) {
    const { labels, columns } = data;
    this.rows = labels.length;
    this.allowed = allowed;
    this.weights = new Float64Array(columns.length);
    this.importance = balanced(labels);
    this.design = [
      ...allowed.map((feature) => new Float64Array(columns[feature]!)),
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
    const { gradient } = this.slopeAt(this.at(this.current()));
    return Math.max(...this.allowed.map((_, i) => Math.abs(gradient[i]!)));
  }

  /** Brings the weights to the optimum of loss + `lasso` Σ|w| + `ridge` Σw²/2, from where they are. */
  descend(lasso: number, ridge: number, tolerance = TOLERANCE): void {
    const penalised = ({ point, loss }: FitPoint) => loss + penaltyOf(point, lasso, ridge);
    let here = this.at(this.current());
    for (let step = 0; step < MOST_STEPS; step++) {
      const { gradient, curvature } = this.slopeAt(here);
      const change = newtonStep(here.point, gradient, curvature, lasso, ridge);
      const before = penalised(here);
      let next = this.at(moved(here.point, change, 1));
      for (let halving = 1; halving <= MOST_HALVINGS && !(penalised(next) <= before); halving++) {
        next = this.at(moved(here.point, change, 2 ** -halving));
      }
      here = next;
      if (Math.max(...change.map(Math.abs)) < tolerance) break;
    }
    this.allowed.forEach((feature, i) => (this.weights[feature] = here.point[i]!));
    this.intercept = here.point.at(-1)!;
  }

  private current(): Float64Array {
    return Float64Array.from([...this.allowed.map((feature) => this.weights[feature]!), this.intercept]);
  }

  /** The loss's downward slope and its second derivatives, which are worked out as they are asked for. */
  private slopeAt({ margins }: FitPoint): { gradient: Float64Array; curvature: Curvature } {
    const { design, importance, rows } = this;
    const { labels } = this.data;
    const residual = new Float64Array(rows);
    const variance = new Float64Array(rows);
    for (let row = 0; row < rows; row++) {
      const probability = 1 / (1 + Math.exp(-margins[row]!));
      residual[row] = importance[row]! * (labels[row]! - probability);
      variance[row] = importance[row]! * Math.max(LEAST_VARIANCE, probability * (1 - probability));
    }
    const gradient = Float64Array.from(design, (column) => dot(residual, column));
    return { gradient, curvature: new Curvature(design, variance) };
  }

  private at(point: Float64Array): FitPoint {
    const { importance } = this;
    const { labels } = this.data;
    const margins = this.marginsAt(point);
    let loss = 0;
    for (let row = 0; row < margins.length; row++) {
      loss += importance[row]! * lossOf(labels[row]!, margins[row]!);
    }
    return { point, margins, loss };
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

/**
 * Second derivatives by pairs of columns, Σ variance × one × other. Of a column whose weight stays as it is only its own
 * is ever asked for, which are most while few features are in use.
 */
class Curvature {
  /** [size × size] */
  private readonly known: Float64Array;
  private readonly weighted: readonly Float64Array[];

  constructor(
    private readonly design: readonly Float64Array[],
    variance: Float64Array,
  ) {
    this.known = new Float64Array(design.length ** 2).fill(NaN);
    this.weighted = design.map((column) => {
      const weighted = new Float64Array(column.length);
      for (let row = 0; row < column.length; row++) weighted[row] = variance[row]! * column[row]!;
      return weighted;
    });
  }

  of(one: number, other: number): number {
    const [last, first] = one > other ? [one, other] : [other, one];
    const at = last * this.design.length + first;
    if (Number.isNaN(this.known[at]!)) this.known[at] = dot(this.weighted[last]!, this.design[first]!);
    return this.known[at]!;
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
  curvature: Curvature,
  lasso: number,
  ridge: number,
): Float64Array {
  const size = point.length;
  const gradient = slope.slice();
  const change = new Float64Array(size);
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let largest = 0;
    for (let i = 0; i < size; i++) {
      const own = curvature.of(i, i);
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
      for (let j = 0; j < size; j++) gradient[j]! -= curvature.of(i, j) * by;
      largest = Math.max(largest, Math.abs(by));
    }
    if (largest < TOLERANCE / 10) break;
  }
  return change;
}
