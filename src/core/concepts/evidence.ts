import { shuffle, type Random } from '../common/random';
import { CONTEXT_RADIUS } from '../stats/siteSummary';
import type { LabelledCorpus } from './labelledCorpus';
import { classHistograms, type ClassHistograms } from './statistics/classHistograms';
import { rocPoints, type ThresholdCurve } from './statistics/thresholds';

/** What a token is at a neuron's threshold: of the concept and beyond it, of the concept and not, beyond it only. */
export const OUTCOMES = ['hits', 'misses', 'falseAlarms'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** A token of half B, with the neuron's activations around it. */
export interface EvidencePlace {
  /** Number of the document among the profile's in the order of their keys, and the token within it. */
  readonly document: number;
  readonly token: number;
  readonly value: number;
  /** [17] from 8 tokens before to 8 after, four digits each; null where the token is not in the halves. */
  readonly context: readonly (number | null)[];
}

/** What half B shows of one neuron and a concept, besides its figures. */
export interface NeuronEvidence {
  readonly id: string;
  /** Shares of false alarms and of hits, by turns, from (0, 0) to (1, 1): of low values where they go with the concept. */
  readonly roc: readonly number[];
  readonly histogram: ClassHistograms;
  readonly counts: Readonly<Record<Outcome, number>>;
  /** A seeded draw of each, highest values first. */
  readonly places: Readonly<Record<Outcome, readonly EvidencePlace[]>>;
}

const ROC_POINTS = 129;
/** Examples of each outcome that are kept. */
const DRAWN = 8;

/**
 * @param column [n] the neuron's values at the tokens of the corpus. @param curve of half B, in the direction of `low`.
 * @param threshold of the activation itself; at or beyond it a token counts as found.
 */
export function evidenceOf(
  id: string,
  column: Float32Array,
  corpus: LabelledCorpus,
  concept: number,
  curve: ThresholdCurve,
  { threshold, low }: { readonly threshold: number; readonly low: boolean },
  random: Random,
): NeuronEvidence {
  const labels = corpus.labels[concept]!;
  const tokens = outcomesOf(column, labels, corpus, { threshold, low });
  const placesOf = (outcome: Outcome): EvidencePlace[] =>
    Array.from(shuffle(tokens[outcome], random).subarray(0, DRAWN))
      .map((number) => placeOf(number, column, corpus))
      .sort((one, other) => other.value - one.value);
  return {
    id,
    roc: Array.from(rocPoints(curve, ROC_POINTS), (share) => Number(share.toFixed(5))),
    histogram: classHistograms(column.subarray(corpus.inA), labels.subarray(corpus.inA)),
    counts: byOutcome((outcome) => tokens[outcome].length),
    places: byOutcome(placesOf),
  };
}

export function byOutcome<Value>(of: (outcome: Outcome) => Value): Record<Outcome, Value> {
  return { hits: of('hits'), misses: of('misses'), falseAlarms: of('falseAlarms') };
}

/** The tokens of half B that are each. */
function outcomesOf(
  column: Float32Array,
  labels: Uint8Array,
  { inA, tokens }: LabelledCorpus,
  { threshold, low }: { readonly threshold: number; readonly low: boolean },
): Record<Outcome, Uint32Array> {
  const hits = new Uint32Array(tokens - inA);
  const misses = new Uint32Array(tokens - inA);
  const falseAlarms = new Uint32Array(tokens - inA);
  let [hit, missed, alarm] = [0, 0, 0];
  for (let number = inA; number < tokens; number++) {
    const found = low ? column[number]! <= threshold : column[number]! >= threshold;
    if (labels[number] === 1) {
      if (found) hits[hit++] = number;
      else misses[missed++] = number;
    } else if (found) falseAlarms[alarm++] = number;
  }
  return {
    hits: hits.subarray(0, hit),
    misses: misses.subarray(0, missed),
    falseAlarms: falseAlarms.subarray(0, alarm),
  };
}

function placeOf(number: number, column: Float32Array, { numbers, places }: LabelledCorpus): EvidencePlace {
  const document = places.document[number]!;
  const token = places.token[number]!;
  const context = Array.from({ length: 2 * CONTEXT_RADIUS + 1 }, (_, i) => {
    const at = numbers[document]![token + i - CONTEXT_RADIUS] ?? -1;
    return at < 0 ? null : Number(column[at]!.toPrecision(4));
  });
  return { document, token, value: column[number]!, context };
}
