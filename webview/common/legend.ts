import { html, type TemplateResult } from 'lit';
import { COLOUR_STEPS } from '../../src/core/common/colourScale';
import { formatValue } from '../../src/core/common/numberFormat';
import { icon } from './widgets';

const STEPS = Array.from({ length: COLOUR_STEPS }, (_, index) => index + 1);

/** The scale from −R over zero without colour to +R. */
export function legend(range: number, ownRanges = false): TemplateResult {
  const bar = html`<span class="bar"
    >${[...STEPS].reverse().map((step) => html`<i class="n${step}"></i>`)}<i class="zero"></i>${STEPS.map(
      (step) => html`<i class="p${step}"></i>`,
    )}</span
  >`;
  const label = 'Colour scale: from minus R blue over zero without colour to plus R orange';
  return html`<div class="legend" role="img" aria-label=${label}>
    ${
      ownRanges
        ? html`<span class="own-range" title="Colours of different examples cannot be compared"
            >${icon('warning')} −R</span
          >`
        : html`<span class="limit">${formatValue(-range)}</span>`
    }
    ${bar}
    <span class="limit">${ownRanges ? '+R of each example' : `+${formatValue(range)}`}</span>
  </div>`;
}
