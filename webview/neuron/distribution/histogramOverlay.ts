import type { Chart } from 'chart.js';
import type { CoarseHistogram } from '../../../src/core/stats/coarseHistogram';
import type { ThemeColours } from '../../common/themeColours';
import type { Marker } from './distribution';

const LABEL_GAP = 5;
const LABEL_HEIGHT = 13;
const TICK_LENGTH = 6;

/** Vertical lines with their words above the bars; words that would meet are put on two lines. */
export function drawMarkers(chart: Chart, markers: readonly Marker[], colours: ThemeColours): void {
  const { ctx, chartArea: area } = chart;
  ctx.save();
  ctx.font = `11px ${colours.font}`;
  ctx.strokeStyle = colours.foreground;
  ctx.fillStyle = colours.foreground;
  ctx.lineWidth = 1;
  let taken: [number, number] | undefined;
  markers.forEach(({ value, label, dashed }, index) => {
    const x = pixelOf(chart, value);
    ctx.setLineDash(dashed ? [4, 3] : []);
    ctx.beginPath();
    ctx.moveTo(x, area.top - 2);
    ctx.lineTo(x, area.bottom);
    ctx.stroke();
    const width = ctx.measureText(label).width;
    const fitsLeft = x - LABEL_GAP - width >= 0;
    const fitsRight = x + LABEL_GAP + width <= chart.width;
    const left = index === 0 ? fitsLeft || !fitsRight : !fitsRight && fitsLeft;
    const from = left ? x - LABEL_GAP - width : x + LABEL_GAP;
    const meets = taken !== undefined && from < taken[1] + LABEL_GAP && from + width > taken[0] - LABEL_GAP;
    ctx.textAlign = 'left';
    ctx.fillText(label, Math.max(0, from), area.top - LABEL_GAP + (meets ? LABEL_HEIGHT + LABEL_GAP : 0));
    taken = [from, from + width];
  });
  ctx.restore();
}

/** Short ticks under the axis where the listed examples lie. */
export function drawExampleTicks(chart: Chart, values: readonly number[], colours: ThemeColours): void {
  const { ctx, chartArea: area } = chart;
  ctx.save();
  ctx.strokeStyle = colours.foreground;
  ctx.lineWidth = 1.5;
  for (const value of values) {
    const x = pixelOf(chart, value);
    if (x < area.left - 1 || x > area.right + 1) continue;
    ctx.beginPath();
    ctx.moveTo(x, area.bottom + 1);
    ctx.lineTo(x, area.bottom + 1 + TICK_LENGTH);
    ctx.stroke();
  }
  ctx.restore();
}

/** A frame over the whole height of a bar, so that an empty one can be seen as well. */
export function outlineBar(chart: Chart, bars: CoarseHistogram, bar: number, colours: ThemeColours): void {
  if (bar < 0) return;
  const { ctx, chartArea: area } = chart;
  const left = pixelOf(chart, bars.edges[bar] ?? 0);
  const right = pixelOf(chart, bars.edges[bar + 1] ?? 0);
  ctx.save();
  ctx.strokeStyle = colours.focus;
  ctx.lineWidth = 2;
  ctx.strokeRect(left, area.top, right - left, area.bottom - area.top);
  ctx.restore();
}

function pixelOf(chart: Chart, value: number): number {
  return Math.round(chart.scales.x?.getPixelForValue(value) ?? 0) + 0.5;
}
