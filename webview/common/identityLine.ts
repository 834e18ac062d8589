import { html, type TemplateResult } from 'lit';
import { formatValue } from '../../src/core/common/numberFormat';
import { icon } from './widgets';

/** That the model with nothing changed gives what its file gives, so that every difference is a change's own. */
export function identityLine(largestDifference: number): TemplateResult {
  return html`<span
    title="A row of every run has nothing changed; its output is compared with that of the model's own file."
    >${icon('pass')}Unchanged model reproduces the original output (max. difference
    ${formatValue(largestDifference)})</span
  >`;
}
