import { auroc, strengthOf } from './statistics/auroc';
import type { Interval } from './statistics/aurocInterval';
import { rank, type Ranking } from './statistics/ranking';
import { nullOf, pOf, type LabelRuns } from './statistics/rolledLabels';
import {
  averagePrecision,
  bestThreshold,
  f1,
  precisionOfTop,
  resultAt,
  thresholdCurve,
  topOf,
  type ThresholdCurve,
} from './statistics/thresholds';

/** What half A says of a neuron and a concept: what it is chosen by. */
export interface ChoosingFigures {
  readonly auroc: number;
  /** Low values go with the concept: what follows is of the negated activation. */
  readonly low: boolean;
  readonly ap: number;
  readonly precisionTop1: number;
  /** Of the (negated) activation. */
  readonly threshold: number;
}

/** What half B says of it. */
export interface HeldOutFigures {
  readonly auroc: number;
  readonly low: number;
  readonly high: number;
  readonly ap: number;
  readonly precisionTop1: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly meanDifference: number;
  readonly p: number;
}

export function choosingFigures(ranking: Ranking, labels: Uint8Array): ChoosingFigures {
  const area = auroc(ranking.midranks, labels);
  const low = area < 0.5;
  const curve = thresholdCurve(ranking, labels, low);
  return {
    auroc: area,
    low,
    ap: averagePrecision(curve),
    precisionTop1: precisionOfTop(curve, topOf(labels.length)),
    threshold: bestThreshold(curve),
  };
}

/** AUROC in the direction that half A chose. */
export function strengthIn(ranking: Ranking, labels: Uint8Array, { low }: ChoosingFigures): number {
  const area = auroc(ranking.midranks, labels);
  return low ? 1 - area : area;
}

/** Fewest tokens of a sibling concept that an AUROC against them rests on. */
const FEWEST_NEGATIVES = 50;

/**
 * AUROC against hard negatives alone: the tokens of the sibling concept that are not of the concept itself.
 * @returns null where there are too few of them
 */
export function siblingAuroc(values: Float32Array, labels: Uint8Array, sibling: Uint8Array): number | null {
  const compared = new Float32Array(values.length);
  const classes = new Uint8Array(values.length);
  let [count, positives] = [0, 0];
  for (let token = 0; token < values.length; token++) {
    if (labels[token] === 0 && sibling[token] === 0) continue;
    compared[count] = values[token]!;
    classes[count++] = labels[token]!;
    positives += labels[token]!;
  }
  if (count - positives < FEWEST_NEGATIVES || positives === 0) return null;
  return auroc(rank(compared.slice(0, count)).midranks, classes.subarray(0, count));
}

/** All thresholds on half B, of the negated activation where low values go with the concept. */
export function heldOutCurve(ranking: Ranking, labels: Uint8Array, { low }: ChoosingFigures): ThresholdCurve {
  return thresholdCurve(ranking, labels, low);
}

/**
 * Every figure of half B for a neuron that half A chose.
 * @param curve its `heldOutCurve`. @param draws rolled labels.
 */
export function heldOutFigures(
  ranking: Ranking,
  labels: Uint8Array,
  curve: ThresholdCurve,
  chosen: ChoosingFigures,
  interval: Interval,
  draws: readonly LabelRuns[],
): HeldOutFigures {
  const area = auroc(ranking.midranks, labels);
  const result = resultAt(curve, chosen.threshold);
  return {
    auroc: area,
    ...interval,
    ap: averagePrecision(curve),
    precisionTop1: precisionOfTop(curve, topOf(labels.length)),
    precision: result.precision,
    recall: result.recall,
    f1: f1(result),
    meanDifference: meanDifference(ranking.values, labels),
    p: pOf(area, nullOf(ranking.midranks, draws)),
  };
}

/** Of two neurons the one that half A ranks higher for a concept comes first. */
export function byStrength(one: ChoosingFigures, other: ChoosingFigures): number {
  return strengthOf(other.auroc) - strengthOf(one.auroc);
}

/** (mean of the positives − mean of the others) ÷ std of all; 0 where all are the same. */
export function meanDifference(values: Float32Array, labels: Uint8Array): number {
  const sums = [0, 0];
  const counts = [0, 0];
  let squares = 0;
  for (let token = 0; token < values.length; token++) {
    const value = values[token]!;
    sums[labels[token]!]! += value;
    counts[labels[token]!]! += 1;
    squares += value * value;
  }
  const mean = (sums[0]! + sums[1]!) / values.length;
  const std = Math.sqrt(Math.max(0, squares / values.length - mean * mean));
  return std === 0 ? 0 : (sums[1]! / counts[1]! - sums[0]! / counts[0]!) / std;
}
