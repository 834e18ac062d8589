import { colourRange, colourStep } from '../../../src/core/common/colourScale';
import { formatBarCount, formatCount, formatShare, formatValue } from '../../../src/core/common/numberFormat';
import type { NeuronFacts } from '../../../src/core/profile/neuronPage';
import { coarsenHistogram, type CoarseHistogram } from '../../../src/core/stats/coarseHistogram';
import { quantityName } from '../../common/modelNames';

export type CountAxis = 'log' | 'linear';
export type ValueRange = 'full' | 'central';

/** Share of tokens cut away at either end of the central range. */
const CENTRAL_TAIL = 0.001;

/** A line across the chart with its words. */
export interface Marker {
  readonly value: number;
  readonly label: string;
  readonly dashed: boolean;
}

/** All that the picture of a distribution shows, whoever draws it. */
export interface Distribution {
  readonly bars: CoarseHistogram;
  /** Step of each bar on the diverging scale. */
  readonly steps: readonly number[];
  readonly markers: readonly Marker[];
  readonly valueTitle: string;
  readonly countTitle: string;
}

/** The picture of a page's histogram: bars, their colours, the median and the threshold. */
export function distributionOf(facts: NeuronFacts, range: ValueRange): Distribution {
  const { stats } = facts;
  const bars = coarsenHistogram(facts.histogram, range === 'central' ? CENTRAL_TAIL : 0);
  const scale = colourRange(stats.min, stats.max);
  const { threshold, share } = stats.density;
  const markers: Marker[] = [];
  if (stats.median !== null) {
    markers.push({ value: stats.median, label: `median ${formatValue(stats.median)}`, dashed: false });
  }
  markers.push({
    value: threshold,
    label: `threshold ${formatValue(threshold)} → ${formatShare(share)} above`,
    dashed: true,
  });
  return {
    bars,
    steps: bars.counts.map((_, bar) => colourStep(centre(bars, bar), stats.dead ? 0 : scale)),
    markers: markers.filter(
      ({ value }) => value >= (bars.edges[0] ?? 0) && value <= (bars.edges.at(-1) ?? 0),
    ),
    valueTitle: `${quantityName(facts.quantity)} of ${facts.neuron.id}`,
    countTitle: `tokens per bar`,
  };
}

/** Value at the middle of a bar. */
export function centre(bars: CoarseHistogram, bar: number): number {
  return ((bars.edges[bar] ?? 0) + (bars.edges[bar + 1] ?? 0)) / 2;
}

/** The bar that holds a value; the last one holds its upper end as well. @returns −1 outside the drawn range */
export function barOf({ edges, counts }: CoarseHistogram, value: number): number {
  if (value === edges.at(-1)) return counts.length - 1;
  const above = edges.findIndex((edge) => edge > value);
  return above < 0 ? -1 : above - 1;
}

/** One bar in words: `3.92 to 4.00: 35 tokens (<0.01 %), 2 stored examples`; `≈ 35` where it shares a bin. */
export function describeBar(
  bars: CoarseHistogram,
  bar: number,
  total: number,
  stored: readonly number[],
): string {
  const [low, high] = [bars.edges[bar] ?? 0, bars.edges[bar + 1] ?? 0];
  const count = bars.counts[bar] ?? 0;
  const kept = stored.filter((value) => barOf(bars, value) === bar).length;
  return (
    `${formatValue(low)} to ${formatValue(high)}: ${formatBarCount(count, bars.shared[bar] ?? false)} ${count === 1 ? 'token' : 'tokens'} ` +
    `(${formatShare(total > 0 ? count / total : 0)}), ${kept} stored ${kept === 1 ? 'example' : 'examples'}`
  );
}

/** The chart for those who hear it: range, bulk and share above the threshold. */
export function describeDistribution(facts: NeuronFacts): string {
  const { stats } = facts;
  return (
    `Histogram of ${formatCount(stats.count)} values of ${facts.neuron.id} from ${formatValue(stats.min)} to ` +
    `${formatValue(stats.max)}, half of them below ${formatValue(stats.median)}; ` +
    `${formatShare(stats.density.share)} are above ${formatValue(stats.density.threshold)}. ` +
    'Use the arrow keys to move over the bars and Enter to show their examples.'
  );
}
