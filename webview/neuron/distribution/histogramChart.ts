import {
  BarController,
  BarElement,
  Chart,
  type ChartConfiguration,
  LinearScale,
  LogarithmicScale,
  type Plugin,
  Tooltip,
} from 'chart.js';
import { formatCount } from '../../../src/core/common/numberFormat';
import { markColour, type ThemeColours } from '../../common/themeColours';
import { roundTicks, shortValue } from '../../common/ticks';
import { centre, type CountAxis, type Distribution } from './distribution';
import { drawMarkers, drawExampleTicks, outlineBar } from './histogramOverlay';

Chart.register(BarController, BarElement, LinearScale, LogarithmicScale, Tooltip);

const FONT_SIZE = 11;
/** Keeps a bar of one token visible above the axis of a logarithmic scale. */
const LOWEST_COUNT = 0.7;
const VALUE_TICKS = 8;

/** What the reader points at. */
export interface ChartFocus {
  /** Bar that is read, by pointer or keyboard; −1 for none. */
  cursor: number;
  /** Bar whose examples are listed, −1 for none. */
  chosen: number;
  /** Values of the listed examples, drawn as ticks under the axis. */
  listed: readonly number[];
}

export interface ChartListeners {
  hover(bar: number): void;
  choose(bar: number): void;
  /** Words for the tooltip of a bar. */
  describe(bar: number): string;
}

export interface ShownHistogram {
  readonly distribution: Distribution;
  readonly counts: CountAxis;
  /** Looked at whenever the chart is drawn. */
  readonly focus: Readonly<ChartFocus>;
}

/** Draws a histogram that answers to the reader. */
export function drawHistogram(
  canvas: HTMLCanvasElement,
  shown: ShownHistogram,
  colours: ThemeColours,
  listeners: ChartListeners,
): Chart {
  return new Chart(canvas, histogramChart(shown, colours, listeners));
}

/** A histogram as a Chart.js configuration: linear values below, counts at the left, marks on top. */
export function histogramChart(
  { distribution, counts, focus }: ShownHistogram,
  colours: ThemeColours,
  listeners: ChartListeners,
): ChartConfiguration<'bar', { x: number; y: number }[]> {
  const { bars } = distribution;
  const [low, high] = [bars.edges[0] ?? 0, bars.edges.at(-1) ?? 1];
  const font = { family: colours.font, size: FONT_SIZE };
  const axisTitle = (text: string): object => ({ display: true, text, color: colours.dim, font, padding: 2 });
  const overlay: Plugin<'bar'> = {
    id: 'overlay',
    afterDatasetsDraw(chart) {
      drawMarkers(chart, distribution.markers, colours);
      drawExampleTicks(chart, focus.listed, colours);
      outlineBar(chart, bars, focus.cursor >= 0 ? focus.cursor : focus.chosen, colours);
    },
  };
  return {
    type: 'bar',
    data: {
      datasets: [
        {
          data: bars.counts.map((count, bar) => ({ x: centre(bars, bar), y: count })),
          backgroundColor: distribution.steps.map((step) => markColour(step, colours)),
          barPercentage: 1,
          categoryPercentage: 0.92,
          grouped: false,
        },
      ],
    },
    plugins: [overlay],
    options: {
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      layout: { padding: { top: 18, right: 6 } },
      interaction: { mode: 'x', intersect: false },
      onHover: (_, elements) => listeners.hover(elements[0]?.index ?? -1),
      onClick: (_, elements) => {
        if (elements[0]) listeners.choose(elements[0].index);
      },
      scales: {
        x: {
          type: 'linear',
          min: low,
          max: high,
          offset: false,
          grid: { display: false },
          border: { color: colours.dim },
          title: axisTitle(distribution.valueTitle),
          afterBuildTicks: (axis) => {
            axis.ticks = roundTicks(low, high, VALUE_TICKS).map((value) => ({ value }));
          },
          ticks: {
            color: colours.dim,
            font,
            maxRotation: 0,
            padding: 7,
            callback: (value) => shortValue(Number(value)),
          },
        },
        y: {
          type: counts === 'log' ? 'logarithmic' : 'linear',
          min: counts === 'log' ? LOWEST_COUNT : 0,
          title: axisTitle(distribution.countTitle),
          border: { display: false },
          grid: { color: colours.grid },
          ticks: {
            color: colours.dim,
            font,
            maxTicksLimit: 8,
            callback: (value) =>
              counts === 'linear' || isPowerOfTen(Number(value)) ? formatCount(Number(value)) : null,
          },
        },
      },
      plugins: {
        tooltip: {
          displayColors: false,
          animation: false,
          backgroundColor: colours.hoverBackground,
          borderColor: colours.hoverBorder,
          borderWidth: 1,
          bodyColor: colours.foreground,
          footerColor: colours.dim,
          bodyFont: font,
          footerFont: { ...font, weight: 'normal' },
          callbacks: {
            title: () => '',
            label: ({ dataIndex }) => listeners.describe(dataIndex),
            footer: () => 'Click: show examples of this range',
          },
        },
      },
    },
  };
}

function isPowerOfTen(value: number): boolean {
  return Math.abs(Math.log10(value) % 1) < 1e-6;
}
