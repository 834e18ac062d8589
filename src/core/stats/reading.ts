import { formatCount, formatShare, formatValue } from '../common/numberFormat';

import { CONSTANT_SPREAD, DEAD_PEAK, type NeuronFigures } from './statistics';
import type { Finding, ReadingPart, ReadingRule } from './finding';
import { floorOf, isRectified, type LayerContext } from './layerContext';
import { withoutFigures, quotedTokens, strongestTokens } from './strongestTokens';
import { tokenRules, type ReadTokens } from './tokenRules';

const SPARSE_BELOW = 0.01;
const BROAD_ABOVE = 0.2;
const TWO_SIDED_PART = 0.25;
/** Half precision and quantised weights let an activation dip this far under its floor. */
const FLOOR_MARGIN = 1e-3;
/** The sentence (docs/methods.md, The sentence), with how it was decided. */
export interface Reading {
  /** Bold words, such as "Sparse", "Two-sided"; none where there is nothing to say. */
  readonly words: readonly string[];
  readonly sentence: string;
  /** The same in pieces, so that a page can set tokens apart. */
  readonly parts: readonly ReadingPart[];
  readonly rules: readonly ReadingRule[];
}

/**
 * The sentence on a neuron's page and the table of rules behind it (docs/methods.md, The sentence). It hints at what
 * the figures usually mean and never says what the neuron detects.
 */
export function readingOf(figures: NeuronFigures, context: LayerContext, tokens: ReadTokens): Reading {
  if (figures.count === 0) {
    const rule = { rule: 'has values', measured: '0 tokens', holds: false };
    return readingFrom(['No values'], [['No token of the corpus reached this neuron.']], [rule]);
  }
  const silent = [deadRule(figures, context), constantRule(figures, context)];
  const stopping = silent.find(({ holds }) => holds);
  const density = densityRules(figures);
  const sides = [twoSidedRule(figures, context, tokens), negativeRule(figures, context)];
  const named = tokenRules(tokens);
  const words = stopping ? [stopping] : [...density, ...sides, ...named];
  const clauses = stopping ? [stopping] : [...density, ...named, ...sides];
  return readingFrom(
    words.flatMap(({ word, holds }) => (holds && word !== null ? [word] : [])),
    clauses.flatMap(({ clause }) => (clause ? [clause] : [])),
    stopping ? silent : [...silent, ...clauses],
  );
}

function readingFrom(
  words: readonly string[],
  clauses: readonly (readonly ReadingPart[])[],
  rules: readonly ReadingRule[],
): Reading {
  const parts = clauses.flatMap((clause, at) => (at === 0 ? clause : [' ', ...clause]));
  return {
    words,
    sentence: parts.map((part) => (typeof part === 'string' ? part : quotedTokens(part.tokens))).join(''),
    parts,
    rules: rules.map(({ rule, measured, holds }) => ({ rule, measured, holds })),
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
    clause: dead
      ? [`Silent on all ${tokens} tokens counted; a larger or different corpus may still reach it.`]
      : null,
  };
}

function constantRule({ constant, std, mean }: NeuronFigures, context: LayerContext): Finding {
  return {
    rule: `constant: standard deviation ≤ ${CONSTANT_SPREAD} of the layer's median peak`,
    measured: `${formatValue(std)} against ${formatValue(context.medianPeak)}`,
    holds: constant,
    word: 'Constant',
    clause: constant
      ? [`The same value, ${formatValue(mean)}, whatever the token: it acts like a bias.`]
      : null,
  };
}

/** How often it fires is always said; what that hints at, only of a neuron that fires seldom or often. */
function densityRules({ density }: NeuronFigures): Finding[] {
  const { threshold, share } = density;
  const measured = `${formatShare(share)} above ${formatValue(threshold)}`;
  const [isSparse, isBroad] = [share < SPARSE_BELOW, share > BROAD_ABOVE];
  const hint = isSparse ? ': often a specific feature' : isBroad ? ': often a common feature' : '';
  return [
    {
      rule: `sparse: density < ${formatShare(SPARSE_BELOW)}`,
      ...{ measured, holds: isSparse, word: 'Sparse' },
      clause: [`Above ${formatValue(threshold)} at ${formatShare(share)} of tokens${hint}.`],
    },
    {
      rule: `broad: density > ${formatShare(BROAD_ABOVE)}`,
      ...{ measured, holds: isBroad, word: 'Broad', clause: null },
    },
  ];
}

/** Whether its negative values are large as well, beyond what the activation function gives of itself. */
export function isTwoSided({ min, max }: NeuronFigures, context: LayerContext): boolean {
  const floor = floorOf(context);
  return max! > 0 && min! < -TWO_SIDED_PART * max! && (floor === null || min! < floor - FLOOR_MARGIN);
}

/** Whether its strongest values are the smallest. */
export function isNegativeOnly({ max }: NeuronFigures, context: LayerContext): boolean {
  return max! <= 0 && !isRectified(context);
}

function twoSidedRule(figures: NeuronFigures, context: LayerContext, { lowest }: ReadTokens): Finding {
  const floor = floorOf(context);
  const beyond = floor === null ? '' : ` and minimum below the activation's floor ${formatValue(floor)}`;
  const holds = isTwoSided(figures, context);
  const tokens = strongestTokens(lowest);
  return {
    rule: `two-sided: |minimum| > ${formatShare(TWO_SIDED_PART)} of a positive maximum${beyond}`,
    measured: `minimum ${formatValue(figures.min)}, maximum ${formatValue(figures.max)}`,
    ...{ holds, word: 'Two-sided' },
    clause: !holds
      ? null
      : tokens.length > 0
        ? ['Its negative values are large as well, lowest on ', { tokens: tokens.map(withoutFigures) }, '.']
        : ['Its negative values are large as well: see both ends.'],
  };
}

function negativeRule(figures: NeuronFigures, context: LayerContext): Finding {
  const holds = isNegativeOnly(figures, context);
  return {
    rule: 'negative only: maximum ≤ 0',
    measured: `maximum ${formatValue(figures.max)}`,
    ...{ holds, word: 'Negative only' },
    clause: holds ? ['It is never positive: its strongest values are the smallest.'] : null,
  };
}
