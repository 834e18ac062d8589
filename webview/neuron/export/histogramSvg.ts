import { formatCount, formatValue } from '../../../src/core/common/numberFormat';
import { forMarkup } from '../../../src/core/common/foreignText';
import { markColour, type ThemeColours } from '../../common/themeColours';
import { roundTicks } from '../../common/ticks';
import type { Distribution } from '../distribution/distribution';

const WIDTH = 800;
const HEIGHT = 320;
const AREA = { left: 78, top: 30, right: 790, bottom: 262 };
const LOWEST_COUNT = 0.7;
const BAR_SHARE = 0.92;

/** The histogram as an SVG file: the same bars, lines and words as on the page, counts logarithmic. */
export function histogramSvg(distribution: Distribution, colours: ThemeColours): string {
  const { bars } = distribution;
  const [low, high] = [bars.edges[0] ?? 0, bars.edges.at(-1) ?? 1];
  const highest = Math.max(1, ...bars.counts);
  const x = (value: number): number => AREA.left + ((value - low) / (high - low)) * (AREA.right - AREA.left);
  const y = (count: number): number => {
    const share = Math.log(count / LOWEST_COUNT) / Math.log((1.2 * highest) / LOWEST_COUNT);
    return AREA.bottom - share * (AREA.bottom - AREA.top);
  };
  const text = (at: string, anchor: string, words: string, fill = colours.dim): string =>
    `<text ${at} text-anchor="${anchor}" fill="${fill}">${forMarkup(words)}</text>`;

  const powers = Array.from({ length: Math.floor(Math.log10(highest)) + 1 }, (_, power) => 10 ** power);
  const grid = powers.map(
    (count) =>
      `<line x1="${AREA.left}" x2="${AREA.right}" y1="${y(count).toFixed(1)}" y2="${y(count).toFixed(1)}" stroke="${colours.grid}"/>` +
      text(`x="${AREA.left - 8}" y="${(y(count) + 4).toFixed(1)}"`, 'end', formatCount(count)),
  );
  const columns = bars.counts.map((count, bar) => {
    if (count === 0) return '';
    const [from, to] = [x(bars.edges[bar] ?? 0), x(bars.edges[bar + 1] ?? 0)];
    const inset = ((to - from) * (1 - BAR_SHARE)) / 2;
    const fill = markColour(distribution.steps[bar] ?? 0, colours);
    return (
      `<rect x="${(from + inset).toFixed(2)}" y="${y(count).toFixed(2)}" width="${(to - from - 2 * inset).toFixed(2)}" ` +
      `height="${(AREA.bottom - y(count)).toFixed(2)}" fill="${fill}"/>`
    );
  });
  const ticks = roundTicks(low, high, 8).map((value) =>
    text(`x="${x(value).toFixed(1)}" y="${AREA.bottom + 18}"`, 'middle', formatValue(value)),
  );
  const markers = distribution.markers.map(({ value, label, dashed }, index) => {
    const at = x(value);
    const left = index === 0 && at > 200;
    const dash = dashed ? ' stroke-dasharray="4 3"' : '';
    const line = `<line x1="${at.toFixed(1)}" x2="${at.toFixed(1)}" y1="${AREA.top - 2}" y2="${AREA.bottom}" stroke="${colours.foreground}"${dash}/>`;
    const words = `x="${(at + (left ? -5 : 5)).toFixed(1)}" y="${AREA.top - 8}"`;
    return line + text(words, left ? 'end' : 'start', label, colours.foreground);
  });
  const middle = (AREA.top + AREA.bottom) / 2;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" font-family="system-ui, sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="${colours.background}"/>`,
    ...grid,
    ...columns,
    `<line x1="${AREA.left}" x2="${AREA.right}" y1="${AREA.bottom}" y2="${AREA.bottom}" stroke="${colours.dim}"/>`,
    ...ticks,
    ...markers,
    text(`x="${(AREA.left + AREA.right) / 2}" y="${HEIGHT - 14}"`, 'middle', distribution.valueTitle),
    text(`transform="translate(16 ${middle}) rotate(-90)"`, 'middle', distribution.countTitle),
    '</svg>',
    '',
  ].join('\n');
}
