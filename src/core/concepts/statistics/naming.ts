import type { Half } from './halves';
import { strengthOf } from './auroc';

/** What a concept has in each half. */
export type ByHalf = Readonly<Record<Half, number>>;

/** How much of a concept there is to measure with. */
export interface ConceptCounts {
  readonly positives: ByHalf;
  readonly others: ByHalf;
  /** Documents with at least one positive. */
  readonly documents: ByHalf;
}

/** What is asked of a name on half B (docs/methods.md, Names). */
export const BARS = { auroc: 0.8, ap: 0.5, selectivity: 0.2, q: 0.05 } as const;
export type Bar = keyof typeof BARS;

/** What every half must have. */
export const NEEDED = { positives: 50, documents: 10 } as const;

/** Figures of half B; an AUROC under 0.5 speaks for low values, and the others are then of the negated activation. */
export interface NamingFigures {
  readonly auroc: number;
  readonly ap: number;
  readonly selectivity: number;
  readonly q: number;
}

/** The bars that a neuron does not reach: none, and it is named. */
export function missedBars({ auroc, ap, selectivity, q }: NamingFigures): Bar[] {
  const missed: Bar[] = [];
  if (!(strengthOf(auroc) > BARS.auroc)) missed.push('auroc');
  if (!(ap >= BARS.ap)) missed.push('ap');
  if (!(selectivity > BARS.selectivity)) missed.push('selectivity');
  if (!(q < BARS.q)) missed.push('q');
  return missed;
}

/** Why a concept cannot be measured on this corpus, as a clause without a full stop; null where it can. */
export function tooFew({ positives, others, documents }: ConceptCounts): string | null {
  const { positives: tokens, documents: texts } = NEEDED;
  if (positives.a + positives.b === 0) return 'no token of the corpus carries it';
  if (positives.a < tokens || positives.b < tokens) {
    return `${positives.a} and ${positives.b} positives in the two halves, ${tokens} are needed in each`;
  }
  if (documents.a < texts || documents.b < texts) {
    return `positives in ${documents.a} and ${documents.b} documents of the two halves, ${texts} are needed in each`;
  }
  if (others.a < tokens || others.b < tokens) {
    return `only ${others.a} and ${others.b} tokens of the two halves do not carry it, ${tokens} are needed in each`;
  }
  return null;
}

/** A concept that a neuron passed all bars for. */
export interface Passed {
  readonly concept: number;
  /** Of the threshold, on half B: how much of the concept it explains. */
  readonly f1: number;
}

export interface NameChoice {
  readonly concept: number;
  /** Concepts nested with it, which the neuron passes for as well and explains less. */
  readonly under: readonly number[];
}

/** The share of one concept's positives that must be another's for the two to count as nested. */
const NESTED_SHARE = 0.9;

/**
 * The concept that gives a neuron its name: the one that it explains best.
 * @param shared positives that two concepts have in common; of one with itself, all that it has.
 * @returns null where the neuron passed for none
 */
export function chooseName(
  passed: readonly Passed[],
  shared: (one: number, other: number) => number,
): NameChoice | null {
  const [best, ...rest] = [...passed].sort((one, other) => other.f1 - one.f1 || one.concept - other.concept);
  if (!best) return null;
  const nested = ({ concept }: Passed): boolean => {
    const smaller = Math.min(shared(concept, concept), shared(best.concept, best.concept));
    return shared(best.concept, concept) >= NESTED_SHARE * smaller;
  };
  return { concept: best.concept, under: rest.filter(nested).map(({ concept }) => concept) };
}
