import { html, type TemplateResult } from 'lit';
import { formatAuroc, formatAurocInterval } from '../../src/core/common/numberFormat';
import type { ConceptRow } from '../../src/core/concepts/neuronMeaning';

const WIDTH = 96;
const HEIGHT = 8;
const MARGIN = 3;

/** An AUROC with its interval: in numbers, and on a line from 0 to 1 with a mark at 0.5. */
export function intervalPlot({
  auroc,
  low,
  high,
}: Pick<ConceptRow, 'auroc' | 'low' | 'high'>): TemplateResult {
  const x = (value: number): number => MARGIN + (WIDTH - 2 * MARGIN) * value;
  const middle = HEIGHT / 2;
  return html`<span class="auroc"
    >${formatAuroc(auroc)} <span class="dim interval-words">${formatAurocInterval(low, high)}</span>
    <svg class="interval" viewBox="0 0 ${WIDTH} ${HEIGHT}" aria-hidden="true">
      <line class="chance" x1=${x(0.5)} x2=${x(0.5)} y1="0" y2=${HEIGHT}></line>
      <line class="spread" x1=${x(low)} x2=${x(high)} y1=${middle} y2=${middle}></line>
      <circle class="figure" cx=${x(auroc)} cy=${middle} r="2.5"></circle>
    </svg>
  </span>`;
}
