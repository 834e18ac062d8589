import {
  formatAuroc,
  formatCount,
  formatRatio,
  formatShare,
  formatSignedRatio,
  formatValue,
} from '../common/numberFormat';
import {
  leftOutSentence,
  type ConceptNeuron,
  type ConceptResult,
  type ConceptResults,
} from './conceptResults';
import type { LabellerAccuracy } from './labels/labellerAccuracy';
import { strengthOf } from './statistics/auroc';
import { BARS, missedBars, NEEDED, type Bar } from './statistics/naming';

/** What is said of a concept first: a verdict, and the figures that it rests on. */
export interface ConceptSummary {
  readonly verdict: string;
  readonly sentence: string;
  /** The neuron that both speak of; null where there is none. */
  readonly neuron: string | null;
}

/** The names that a concept's neurons carry, by neuron. */
export type CarriedNames = ConceptResults['names'];

/** @param names those that the concept's neurons carry. */
export function conceptSummary(concept: ConceptResult, names: CarriedNames): ConceptSummary {
  const [best] = concept.neurons;
  if (concept.refused !== null || !best) {
    return { verdict: 'Refused.', sentence: refusedSentence(concept), neuron: null };
  }
  const own = concept.neurons.filter(({ id }) => names[id]?.concept === concept.name);
  const [first, ...others] = own;
  if (first)
    return { verdict: namedVerdict(first, others.length), sentence: namedSentence(first), neuron: first.id };
  const passed = concept.neurons.find(({ named }) => named);
  if (passed) {
    const carried = names[passed.id]?.concept ?? '';
    return {
      verdict: 'No neuron of its own.',
      sentence: `${passed.id} passes for it at AUROC ${formatAuroc(passed.auroc)}, and carries the name "${carried}", which explains more of it.`,
      neuron: passed.id,
    };
  }
  return { ...shortOfName(best, concept), neuron: best.id };
}

function refusedSentence({ refused, positives, documents }: ConceptResult): string {
  const isRare =
    Math.min(positives.a, positives.b) < NEEDED.positives ||
    Math.min(documents.a, documents.b) < NEEDED.documents;
  return `There are no figures: ${refused ?? 'no neuron was chosen'}.${isRare ? ' With so few the best of all neurons would be best by chance.' : ''}`;
}

function namedVerdict({ id, auroc }: ConceptNeuron, others: number): string {
  const more = { 0: '', 1: ' and one more neuron' }[others] ?? ` and ${formatCount(others)} more neurons`;
  return auroc < 0.5 ? `Goes with low values of ${id}${more}.` : `Goes with ${id}${more}.`;
}

function namedSentence(neuron: ConceptNeuron): string {
  const { auroc, precision, recall } = neuron;
  const low = auroc < 0.5;
  return (
    `On documents that took no part in the choice, a token of the concept has the ${low ? 'lower' : 'higher'} value in ${formatShare(strengthOf(auroc))} of pairs with another token. ` +
    `${thresholdWords(neuron)}, ${formatShare(precision)} of the tokens are of the concept, and ${formatShare(recall)} of the concept's tokens are there.`
  );
}

/** `At 1.45 or more`: the side of the threshold on which a token counts as found. */
export function thresholdWords({ auroc, threshold }: Pick<ConceptNeuron, 'auroc' | 'threshold'>): string {
  return `At ${formatValue(threshold)} or ${auroc < 0.5 ? 'less' : 'more'}`;
}

function shortOfName(best: ConceptNeuron, { control, many }: ConceptResult): Omit<ConceptSummary, 'neuron'> {
  const { id, auroc, ap, selectivity } = best;
  const onlySelectivity = missedBars(best).join() === 'selectivity';
  if (onlySelectivity && control) {
    return {
      verdict: 'The control does nearly as well.',
      sentence: `${id} goes with this concept at AUROC ${formatAuroc(auroc)}; the neuron chosen for shuffled labels, ${control.id}, reaches ${formatAuroc(control.auroc)}. Selectivity is ${formatSignedRatio(selectivity)}, a name needs over ${BARS.selectivity}: most of this is which token it is.`,
    };
  }
  const low = auroc < 0.5 ? ' by its low values' : '';
  const together =
    many && many.k.length > 1 ? togetherSentence(many.k.at(-1)!, many.auroc[many.k.length - 1]!) : '';
  return {
    verdict: 'No honest name.',
    sentence: `The neuron that goes with it best${low}, ${id}, reaches AUROC ${formatAuroc(auroc)} and average precision ${formatRatio(ap)} on held-out documents; a name needs over ${BARS.auroc} and ${BARS.ap}.${together}`,
  };
}

function togetherSentence(neurons: number, auroc: number): string {
  return ` ${formatCount(neurons)} neurons together reach ${formatAuroc(auroc)}.`;
}

const BAR_WORDS: Readonly<Record<Bar, { readonly name: string; readonly missed: string }>> = {
  auroc: { name: 'AUROC', missed: `AUROC ${BARS.auroc} or less` },
  ap: { name: 'AP', missed: `AP under ${BARS.ap}` },
  selectivity: { name: 'selectivity', missed: `selectivity ${BARS.selectivity} or less` },
  q: { name: 'q', missed: `q ${BARS.q} or more` },
};

/** What a neuron lacks for a name: `AP under 0.5`, of several `AP, selectivity`; empty where it passes. */
export function missedWords(neuron: ConceptNeuron): string {
  const missed = missedBars(neuron).map((bar) => BAR_WORDS[bar]);
  return missed.length === 1 ? missed[0]!.missed : missed.map(({ name }) => name).join(', ');
}

/** What a name takes, in a sentence. */
export const NAME_BARS = `A name needs AUROC over ${BARS.auroc} (or under ${formatRatio(1 - BARS.auroc)}), average precision of ${BARS.ap} or more, selectivity over ${BARS.selectivity} and q under ${BARS.q} on half B; ${NEEDED.positives} positives and ${NEEDED.documents} documents in each half.`;

/** How the figures of a concept came about, a sentence each. */
export function conceptMethod(
  concept: ConceptResult,
  { halves }: Pick<ConceptResults, 'halves'>,
  labeller: LabellerAccuracy | null,
): string[] {
  const { control, split } = concept;
  const leftOut = leftOutSentence({ halves });
  const [best] = concept.neurons;
  const texts = halves.cut ? 'stretches of documents' : 'documents';
  return [
    NAME_BARS,
    `Neurons were chosen on half A (${formatCount(halves.tokens.a)} tokens in ${formatCount(halves.documents.a)} ${texts}) and are reported on half B (${formatCount(halves.tokens.b)} in ${formatCount(halves.documents.b)}).`,
    ...(halves.cut
      ? [
          'The corpus has fewer than 20 documents: they were cut into stretches with a gap of one window between.',
        ]
      : []),
    ...(leftOut === null ? [] : [leftOut]),
    ...(control && best
      ? [
          `Selectivity is the AUROC less that of the control's own winner, ${control.id} (${formatAuroc(control.auroc)}), on half B. The control keeps each token's type and shuffles labels over types.`,
          'q is the rate of false discoveries over all concepts and the neurons chosen for them; its p come from labels rolled within their documents. Intervals: bootstrap over documents.',
        ]
      : []),
    `${formatCount(split)} ${split === 1 ? 'token is' : 'tokens are'} part of what was labelled and part not; such a token counts where at least half of it is.`,
    labeller
      ? `Labels come from ${labeller.labeller}, which is right about "${labeller.tag}" with precision ${formatRatio(labeller.precision)} and recall ${formatRatio(labeller.recall)} (${labeller.on}). The figures can be no better than its labels.`
      : 'Labels come from a rule or from the reader, not from a model.',
  ];
}
