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
const MOST_SWEEPS = 40;
/** A sweep that moves no weight by more ends the fit. */
const TOLERANCE = 1e-3;
/** Keeps the fit finite where the classes can be told apart without a fault. */
const RIDGE = 1e-3;

/**
 * Logistic regressions that may use k of the features: an L1 penalty (Tibshirani 1996) is lowered until k of them have
 * a weight, and the k of largest weight are then fitted by themselves (the relaxed lasso, Meinshausen 2007), for each
 * k asked. Cyclic coordinate descent on the quadratic bound of the loss (Böhning & Lindsay 1988), classes weighing the same.
 * @param sizes ascending. @returns one probe a size; of fewer features where no more help
 */
export function sparseProbes(data: ProbeData, sizes: readonly number[]): Probe[] {
  const fit = new LogisticFit(data);
  const largest = fit.largestGradient();
  const probes: Probe[] = [];
  for (let step = 0; step < PATH_STEPS && probes.length < sizes.length; step++) {
    fit.descend(largest * PATH_END ** (step / (PATH_STEPS - 1)), 0);
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
    for (const feature of used) score += weights[feature]! * features[row * width + feature]!;
    scores[row] = score;
  }
  return scores;
}

/** One fit, of all features or of some; the loss is the mean over both classes, each weighing one half. */
export class LogisticFit {
  readonly weights: Float64Array;
  private readonly rows: number;
  /** [rows] Σ weight × feature, and the intercept. */
  private readonly margins: Float64Array;
  /** [rows] of sum 1, half of it on either class. */
  private readonly importance: Float64Array;
  /** [features] Σ importance × feature² / 4: the bound of the loss's curvature. */
  private readonly curvature: Float64Array;
  /** [rows] importance × (label − probability): the slope of the loss. */
  private readonly residuals: Float64Array;

  constructor(
    private readonly data: ProbeData,
    private readonly allowed: readonly number[] = Array.from({ length: data.width }, (_, i) => i),
  ) {
    const { labels, features, width } = data;
    this.rows = labels.length;
    this.weights = new Float64Array(width);
    this.margins = new Float64Array(this.rows);
    this.residuals = new Float64Array(this.rows);
    const positives = labels.reduce((sum, label) => sum + label, 0);
    this.importance = Float64Array.from(
      labels,
      (label) => 0.5 / (label === 1 ? positives : this.rows - positives),
    );
    this.curvature = new Float64Array(width);
    for (let row = 0; row < this.rows; row++) {
      for (const feature of allowed) {
        this.curvature[feature]! += (this.importance[row]! * features[row * width + feature]! ** 2) / 4;
      }
    }
  }

  /** Features in use, those of largest weight first. */
  active(): number[] {
    return [...this.weights.keys()]
      .filter((feature) => this.weights[feature] !== 0)
      .sort((a, b) => Math.abs(this.weights[b]!) - Math.abs(this.weights[a]!) || a - b);
  }

  /** The penalty from which on no feature comes in. */
  largestGradient(): number {
    this.updateResiduals();
    return Math.max(...this.allowed.map((feature) => Math.abs(this.gradient(feature))));
  }

  /** Brings the weights to the optimum of loss + `lasso` Σ|w| + `ridge` Σw²/2, from where they are. */
  descend(lasso: number, ridge: number): void {
    for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
      this.updateResiduals();
      let moved = this.stepIntercept();
      for (const feature of this.allowed) moved = Math.max(moved, this.step(feature, lasso, ridge));
      if (moved < TOLERANCE) return;
    }
  }

  private step(feature: number, lasso: number, ridge: number): number {
    const curvature = this.curvature[feature]!;
    if (curvature === 0) return 0;
    const before = this.weights[feature]!;
    const target = curvature * before + this.gradient(feature);
    const after = (Math.sign(target) * Math.max(0, Math.abs(target) - lasso)) / (curvature + ridge);
    if (after === before) return 0;
    this.weights[feature] = after;
    const { features, width } = this.data;
    for (let row = 0; row < this.rows; row++)
      this.move(row, (after - before) * features[row * width + feature]!);
    return Math.abs(after - before);
  }

  private stepIntercept(): number {
    const change = 4 * this.residuals.reduce((sum, residual) => sum + residual, 0);
    for (let row = 0; row < this.rows; row++) this.move(row, change);
    return Math.abs(change);
  }

  /** Within a sweep the residuals follow the quadratic bound, which spares their exponentials. */
  private move(row: number, by: number): void {
    this.margins[row]! += by;
    this.residuals[row]! -= (this.importance[row]! * by) / 4;
  }

  private updateResiduals(): void {
    const { labels } = this.data;
    for (let row = 0; row < this.rows; row++) {
      const probability = 1 / (1 + Math.exp(-this.margins[row]!));
      this.residuals[row] = this.importance[row]! * (labels[row]! - probability);
    }
  }

  private gradient(feature: number): number {
    const { features, width } = this.data;
    let sum = 0;
    for (let row = 0; row < this.rows; row++) sum += this.residuals[row]! * features[row * width + feature]!;
    return sum;
  }
}
