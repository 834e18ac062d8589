import { formatCount, formatShare, formatValue } from '../common/numberFormat';

import { CONSTANT_SPREAD, DEAD_PEAK, type NeuronFigures } from './statistics';
import { floorOf, isRectified, type LayerContext } from './layerContext';

const SPARSE_BELOW = 0.01;
const BROAD_ABOVE = 0.2;
const TWO_SIDED_PART = 0.25;
/** Half precision and quantised weights let an activation dip this far under its floor. */
const FLOOR_MARGIN = 1e-3;
const ONE_TOKEN_SHARE = 0.8;
/** Fewer stored examples than this say nothing about one token. */
const ONE_TOKEN_EXAMPLES = 5;

/** The stored largest values at or above the 99 % quantile, with the id of each token. */
export interface LargestToken {
  readonly value: number;
  readonly tokenId: number;
}

/** One rule of the sentence: what was compared with what, and whether it held. */
export interface ReadingRule {
  readonly rule: string;
  readonly measured: string;
  readonly holds: boolean;
}

/** The sparse-or-broad sentence (docs/methods.md, The sentence), with how it was decided. */
export interface Reading {
  /** Bold words, such as "Sparse", "Two-sided". */
  readonly words: readonly string[];
  readonly sentence: string;
  readonly rules: readonly ReadingRule[];
}

/** What a rule found: its row of the table, and what it adds to the sentence when it holds. */
interface Finding extends ReadingRule {
  readonly word: string;
  readonly clause: string;
}

/**
 * The sentence on a neuron's page and the table of rules behind it (docs/methods.md, The sentence). It hints at what
 * the figures usually mean and never says what the neuron detects.
 */
export function readingOf(
  figures: NeuronFigures,
  context: LayerContext,
  largest: readonly LargestToken[],
): Reading {
  if (figures.count === 0) {
    const rule = { rule: 'has values', measured: '0 tokens', holds: false };
    return { words: ['No values'], sentence: 'No token of the corpus reached this neuron.', rules: [rule] };
  }
  const silent = [deadRule(figures, context), constantRule(figures, context)];
  const shape = [
    ...densityRules(figures),
    twoSidedRule(figures, context),
    negativeRule(figures, context),
    oneTokenRule(largest),
  ];
  const stopping = silent.find(({ holds }) => holds);
  const speaking = stopping ? [stopping] : shape.filter(({ holds }) => holds);
  return {
    words: speaking.map(({ word }) => word),
    sentence: speaking.map(({ clause }) => clause).join(' '),
    rules: (stopping ? silent : [...silent, ...shape]).map(({ rule, measured, holds }) => ({
      rule,
      measured,
      holds,
    })),
  };
}

function deadRule({ dead, count, min, max }: NeuronFigures, context: LayerContext): Finding {
  const tokens = formatCount(count);
  const peak = Math.max(Math.abs(min!), Math.abs(max!));
  return {
    word: 'Dead',
    holds: dead,
    ...(isRectified(context)
      ? { rule: 'dead: maximum ≤ 0', measured: `maximum ${formatValue(max)}` }
      : {
          rule: `dead: peak ≤ ${DEAD_PEAK} of the layer's median peak`,
          measured: `${formatValue(peak)} against ${formatValue(context.medianPeak)}`,
        }),
    clause: `Silent on all ${tokens} tokens counted; a larger or different corpus may still reach it.`,
  };
}

function constantRule({ constant, std, mean }: NeuronFigures, context: LayerContext): Finding {
  return {
    rule: `constant: standard deviation ≤ ${CONSTANT_SPREAD} of the layer's median peak`,
    measured: `${formatValue(std)} against ${formatValue(context.medianPeak)}`,
    holds: constant,
    word: 'Constant',
    clause: `The same value, ${formatValue(mean)}, whatever the token: it acts like a bias.`,
  };
}

function densityRules({ density }: NeuronFigures): Finding[] {
  const { threshold, share } = density;
  const measured = `${formatShare(share)} above ${formatValue(threshold)}`;
  const clause = (hint: string) =>
    `Above ${formatValue(threshold)} at ${formatShare(share)} of tokens: ${hint}.`;
  return [
    {
      rule: `sparse: density < ${formatShare(SPARSE_BELOW)}`,
      measured,
      holds: share < SPARSE_BELOW,
      word: 'Sparse',
      clause: clause('often a specific feature'),
    },
    {
      rule: 'moderate: density between the two',
      measured,
      holds: share >= SPARSE_BELOW && share <= BROAD_ABOVE,
      word: 'Moderate',
      clause: clause('neither rare nor common'),
    },
    {
      rule: `broad: density > ${formatShare(BROAD_ABOVE)}`,
      measured,
      holds: share > BROAD_ABOVE,
      word: 'Broad',
      clause: clause('often a common feature'),
    },
  ];
}

function twoSidedRule({ min, max }: NeuronFigures, context: LayerContext): Finding {
  const floor = floorOf(context);
  const beyond = floor === null ? '' : ` and minimum below the activation's floor ${formatValue(floor)}`;
  return {
    rule: `two-sided: |minimum| > ${formatShare(TWO_SIDED_PART)} of a positive maximum${beyond}`,
    measured: `minimum ${formatValue(min)}, maximum ${formatValue(max)}`,
    holds: max! > 0 && min! < -TWO_SIDED_PART * max! && (floor === null || min! < floor - FLOOR_MARGIN),
    word: 'Two-sided',
    clause: 'Its negative values are large as well: see both ends.',
  };
}

function negativeRule({ max }: NeuronFigures, context: LayerContext): Finding {
  return {
    rule: 'negative only: maximum ≤ 0',
    measured: `maximum ${formatValue(max)}`,
    holds: max! <= 0 && !isRectified(context),
    word: 'Negative only',
    clause: 'It is never positive: its strongest values are the smallest.',
  };
}

function oneTokenRule(largest: readonly LargestToken[]): Finding {
  const massOf = new Map<number, number>();
  let total = 0;
  for (const { value, tokenId } of largest) {
    const mass = Math.abs(value);
    massOf.set(tokenId, (massOf.get(tokenId) ?? 0) + mass);
    total += mass;
  }
  const share = total > 0 ? Math.max(...massOf.values()) / total : 0;
  return {
    rule: `one token: one token id has > ${formatShare(ONE_TOKEN_SHARE)} of the mass of the stored largest values within the top 1 %`,
    measured: `${formatShare(share)} of ${largest.length} stored`,
    holds: largest.length >= ONE_TOKEN_EXAMPLES && share > ONE_TOKEN_SHARE,
    word: 'One token',
    clause: 'Its largest values fall almost all on one and the same token.',
  };
}
