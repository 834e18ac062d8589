import { html, svg, type TemplateResult } from 'lit';
import type { SelectionRow } from '../../src/core/selection/selectionAnswer';

const WIDTH = 132;
const HEIGHT = 28;
const MARGIN = 2;
const AXIS = 20;
const TALLEST = 18;

/** The corpus as small bars (heights by the logarithm of the count) and the selection's tokens as ticks below. */
export function sparkline(row: SelectionRow): TemplateResult {
  const { edges, counts, min, max } = row.background;
  const values = row.values.filter((value) => value !== null);
  const low = Math.min(min, edges[0] ?? min, ...values);
  const high = Math.max(max, edges.at(-1) ?? max, ...values);
  const x = (value: number): number =>
    MARGIN + ((WIDTH - 2 * MARGIN) * (value - low)) / (high > low ? high - low : 1);
  const tallest = Math.log1p(Math.max(1, ...counts));
  const bars = counts.map((count, bin) => {
    const [from, to] = [x(edges[bin] ?? low), x(edges[bin + 1] ?? high)];
    const height = (TALLEST * Math.log1p(count)) / tallest;
    const width = Math.max(0.5, to - from - 0.6);
    return svg`<rect class="corpus" x=${from} y=${AXIS - height} width=${width} height=${height}></rect>`;
  });
  const ticks = values.map((value) => {
    const sign = value < 0 ? 'negative' : 'positive';
    return svg`<rect class=${sign} x=${x(value) - 0.75} y=${AXIS + 2} width="1.5" height="6"></rect>`;
  });
  return html`<svg
    class="sparkline"
    viewBox="0 0 ${WIDTH} ${HEIGHT}"
    role="img"
    aria-label="Values of the selection over the corpus histogram of ${row.id}"
  >
    ${bars}
    <line class="axis" x1="0" x2=${WIDTH} y1=${AXIS + 0.5} y2=${AXIS + 0.5}></line>
    ${ticks}
  </svg>`;
}
