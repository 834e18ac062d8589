import type { Ranking } from './ranking';

/** What every possible threshold of one neuron gives: entry i takes all values at or above `thresholds[i]`. */
export interface ThresholdCurve {
  /** Distinct values, from the highest. */
  readonly thresholds: Float32Array;
  /** Positives at or above each threshold. */
  readonly hits: Uint32Array;
  /** Other tokens at or above each threshold. */
  readonly falseAlarms: Uint32Array;
  readonly positives: number;
  readonly others: number;
}

/** What a threshold is worth on some tokens. */
export interface ThresholdResult {
  readonly threshold: number;
  /** Share of positives among the tokens at or above it; NaN where there is none. */
  readonly precision: number;
  /** Share of the positives that lie at or above it. */
  readonly recall: number;
}

/**
 * @param labels [n] 1 for a positive token.
 * @param low whether the curve is of the negated values: what "low values go with it" is read from.
 */
export function thresholdCurve({ sorted, order }: Ranking, labels: Uint8Array, low = false): ThresholdCurve {
  const tokens = order.length;
  const thresholds = new Float32Array(tokens);
  const hits = new Uint32Array(tokens);
  const falseAlarms = new Uint32Array(tokens);
  const by = low ? 1 : -1;
  let [steps, hit, alarm] = [0, 0, 0];
  for (let i = low ? 0 : tokens - 1; i >= 0 && i < tokens; steps++) {
    const value = sorted[i]!;
    for (; i >= 0 && i < tokens && sorted[i] === value; i += by) {
      if (labels[order[i]!] === 1) hit += 1;
      else alarm += 1;
    }
    thresholds[steps] = low ? -value : value;
    hits[steps] = hit;
    falseAlarms[steps] = alarm;
  }
  return {
    thresholds: thresholds.subarray(0, steps),
    hits: hits.subarray(0, steps),
    falseAlarms: falseAlarms.subarray(0, steps),
    positives: hit,
    others: alarm,
  };
}

/** Σ (Rₙ − Rₙ₋₁) Pₙ from the highest threshold, without interpolation (scikit-learn's average_precision_score). */
export function averagePrecision({ hits, falseAlarms, positives }: ThresholdCurve): number {
  let sum = 0;
  let before = 0;
  for (let i = 0; i < hits.length; i++) {
    const hit = hits[i]!;
    sum += (hit - before) * (hit / (hit + falseAlarms[i]!));
    before = hit;
  }
  return sum / positives;
}

/**
 * Share of positives among the `count` highest values. Of values that are equal at the edge as many count as there is
 * room, with the share of positives that they have.
 */
export function precisionOfTop({ hits, falseAlarms }: ThresholdCurve, count: number): number {
  let taken = 0;
  let found = 0;
  for (let i = 0; i < hits.length && taken < count; i++) {
    const step = hits[i]! + falseAlarms[i]! - taken;
    const newHits = hits[i]! - (hits[i - 1] ?? 0);
    const share = Math.min(1, (count - taken) / step);
    found += newHits * share;
    taken += step * share;
  }
  return found / count;
}

/** How many tokens are the top 1 % of n. */
export function topOf(tokens: number): number {
  return Math.ceil(tokens / 100);
}

/** The threshold of largest F₁ (the harmonic mean of precision and recall), the higher of equal ones. */
export function bestThreshold({ thresholds, hits, falseAlarms, positives }: ThresholdCurve): number {
  let [best, bestScore] = [NaN, -1];
  for (let i = 0; i < thresholds.length; i++) {
    const score = hits[i]! / (hits[i]! + falseAlarms[i]! + positives);
    if (score > bestScore) [best, bestScore] = [thresholds[i]!, score];
  }
  return best;
}

/** What a threshold that was chosen elsewhere is worth here. */
export function resultAt(
  { thresholds, hits, falseAlarms, positives }: ThresholdCurve,
  threshold: number,
): ThresholdResult {
  let last = -1;
  for (let high = thresholds.length; high - last > 1;) {
    const middle = (last + high) >> 1;
    if (thresholds[middle]! >= threshold) last = middle;
    else high = middle;
  }
  const hit = hits[last] ?? 0;
  const precision = hit === 0 ? 0 : hit / (hit + falseAlarms[last]!);
  return { threshold, precision, recall: hit / positives };
}

/** F₁ of a threshold's result; 0 where it finds nothing. */
export function f1({ precision, recall }: ThresholdResult): number {
  return precision > 0 && recall > 0 ? (2 * precision * recall) / (precision + recall) : 0;
}

/**
 * The ROC curve with at most `points` points: false alarms and hits as shares of their classes, [points × 2], from
 * (0, 0) to (1, 1); of more distinct values, those nearest to equal steps along the curve.
 */
export function rocPoints(
  { hits, falseAlarms, positives, others }: ThresholdCurve,
  points: number,
): Float32Array {
  const kept = [0, 0];
  const step = 2 / (points - 1);
  let at = 0;
  for (let i = 0; i < hits.length; i++) {
    const x = falseAlarms[i]! / others;
    const y = hits[i]! / positives;
    if (x + y - at < step && i < hits.length - 1) continue;
    kept.push(x, y);
    at = x + y;
  }
  return Float32Array.from(kept);
}
