import { formatCount } from '../common/numberFormat';
import type { LayerContext } from './layerContext';
import type { Distributions, ExcludedCounts } from './siteSummary';
import { figureRow, figuresOf, type NeuronFigures, ROW_NAMES, type StatisticRow } from './statistics';

/** The figures of a neuron's page: `stats` of docs/cli.md. */
export interface NeuronStatistics extends NeuronFigures {
  /** Positions that do not count, by reason. */
  readonly excluded: Readonly<ExcludedCounts> & { readonly nonFinite: number };
}

/** What is left out, as people read it. */
const LEFT_OUT: Readonly<Record<keyof NeuronStatistics['excluded'], string>> = {
  special: 'special tokens',
  pad: 'padding',
  firstPosition: 'first position of a window',
  sink: 'attention sinks',
  nonFinite: 'NaN or infinite',
};

/** The statistics that a neuron's page shows (docs/methods.md, Statistics). */
export function describeNeuron(
  summary: Distributions,
  context: LayerContext,
  excluded: ExcludedCounts,
): NeuronStatistics {
  return {
    ...figuresOf(summary, 0, context),
    excluded: { ...excluded, nonFinite: summary.nonFinite[0]! },
  };
}

/** Names and shown values, in reading order: the same on a page, in Markdown and on a terminal. */
export function statisticsRows(stats: NeuronStatistics): StatisticRow[] {
  return ROW_NAMES.flatMap((name) => {
    const row = figureRow(name, stats);
    return name === 'count' ? [row, ...leftOutRows(stats)] : [row];
  });
}

function leftOutRows({ excluded }: NeuronStatistics): StatisticRow[] {
  const reasons = Object.keys(LEFT_OUT) as (keyof typeof LEFT_OUT)[];
  return reasons
    .filter((reason) => excluded[reason] > 0)
    .map((reason) => [`Left out: ${LEFT_OUT[reason]}`, formatCount(excluded[reason])]);
}
