import { colourRange, colourStep } from '../../../src/core/common/colourScale';
import { formatBarCount, formatCount, formatShare, formatValue } from '../../../src/core/common/numberFormat';
import type { Example, NeuronPage } from '../../../src/core/profile/neuronPage';
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
export function distributionOf(page: NeuronPage, range: ValueRange): Distribution {
  const { stats } = page;
  const bars = coarsenHistogram(page.histogram, range === 'central' ? CENTRAL_TAIL : 0);
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
    valueTitle: `${quantityName(page.quantity)} of ${page.neuron.id}`,
    countTitle: `tokens per bar`,
  };
}

/** Value at the middle of a bar. */
export function centre(bars: CoarseHistogram, bar: number): number {
  return ((bars.edges[bar] ?? 0) + (bars.edges[bar + 1] ?? 0)) / 2;
}

/** The bar that holds a value. @returns −1 outside the drawn range */
export function barOf(bars: CoarseHistogram, value: number): number {
  const bar = Math.floor((value - (bars.edges[0] ?? 0)) / bars.width);
  return bar >= 0 && bar < bars.counts.length ? bar : -1;
}

/** One bar in words: `3.92 to 4.00: 35 tokens (<0.01 %), 2 stored examples`; `≈ 35` where it shares a bin. */
export function describeBar(
  bars: CoarseHistogram,
  bar: number,
  total: number,
  examples: readonly Example[],
): string {
  const [low, high] = [bars.edges[bar] ?? 0, bars.edges[bar + 1] ?? 0];
  const count = bars.counts[bar] ?? 0;
  const stored = examples.filter(({ value }) => value >= low && value < high).length;
  return (
    `${formatValue(low)} to ${formatValue(high)}: ${formatBarCount(count, bars.shared[bar] ?? false)} ${count === 1 ? 'token' : 'tokens'} ` +
    `(${formatShare(total > 0 ? count / total : 0)}), ${stored} stored ${stored === 1 ? 'example' : 'examples'}`
  );
}

/** The chart for those who hear it: range, bulk and share above the threshold. */
export function describeDistribution(page: NeuronPage): string {
  const { stats } = page;
  return (
    `Histogram of ${formatCount(stats.count)} values of ${page.neuron.id} from ${formatValue(stats.min)} to ` +
    `${formatValue(stats.max)}, half of them below ${formatValue(stats.median)}; ` +
    `${formatShare(stats.density.share)} are above ${formatValue(stats.density.threshold)}. ` +
    'Use the arrow keys to move over the bars and Enter to show their examples.'
  );
}

/** Round values for the ticks of an axis, at most about `most` of them. */
export function roundTicks(low: number, high: number, most: number): number[] {
  if (!(high > low)) return [low];
  const rough = (high - low) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  );
}
