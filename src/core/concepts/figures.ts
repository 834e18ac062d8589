import type { Random } from '../common/random';
import { auroc, strengthOf } from './statistics/auroc';
import { aurocInterval } from './statistics/aurocInterval';
import { negated, type Ranking } from './statistics/ranking';
import { pOf, type RolledLabels } from './statistics/rolledLabels';
import {
  averagePrecision,
  bestThreshold,
  f1,
  precisionOfTop,
  resultAt,
  thresholdCurve,
  topOf,
} from './statistics/thresholds';

/** Draws of rolled labels that a p rests on. */
const ROLLS = 200;

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
  const curve = thresholdCurve(low ? negated(ranking) : ranking, labels);
  return {
    auroc: area,
    low,
    ap: averagePrecision(curve),
    precisionTop1: precisionOfTop(curve, topOf(labels.length)),
    threshold: bestThreshold(curve),
  };
}

/** AUROC of half B in the direction that half A chose. */
export function heldOutStrength(ranking: Ranking, labels: Uint8Array, { low }: ChoosingFigures): number {
  const area = auroc(ranking.midranks, labels);
  return low ? 1 - area : area;
}

/**
 * Every figure of half B for a neuron that half A chose.
 * @param documents [n] number of each token's excerpt.
 */
export function heldOutFigures(
  ranking: Ranking,
  labels: Uint8Array,
  chosen: ChoosingFigures,
  rolled: RolledLabels,
  documents: Uint32Array,
  random: Random,
): HeldOutFigures {
  const area = auroc(ranking.midranks, labels);
  const curve = thresholdCurve(chosen.low ? negated(ranking) : ranking, labels);
  const result = resultAt(curve, chosen.threshold);
  return {
    auroc: area,
    ...aurocInterval(ranking, labels, documents, random),
    ap: averagePrecision(curve),
    precisionTop1: precisionOfTop(curve, topOf(labels.length)),
    precision: result.precision,
    recall: result.recall,
    f1: f1(result),
    meanDifference: meanDifference(ranking.values, labels),
    p: pOf(area, rolled.nullOf(ranking.midranks, ROLLS, random)),
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
  values.forEach((value, token) => {
    sums[labels[token]!]! += value;
    counts[labels[token]!]! += 1;
    squares += value * value;
  });
  const mean = (sums[0]! + sums[1]!) / values.length;
  const std = Math.sqrt(Math.max(0, squares / values.length - mean * mean));
  return std === 0 ? 0 : (sums[1]! / counts[1]! - sums[0]! / counts[0]!) / std;
}
