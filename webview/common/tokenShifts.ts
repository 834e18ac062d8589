import { html, nothing, svg, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { NamedShift } from '../../src/core/cause/ablationAnswer';
import { formatDifference, formatShare } from '../../src/core/common/numberFormat';
import { LightElement } from './lightElement';
import { tokenChip } from './tokenText';

/** Rows that are shown at first. */
const OPEN = 10;
const [WIDTH, HEIGHT] = [100, 14];

/** Tokens of the vocabulary with two probabilities, as numbers and as paired bars, and what lies between. */
@customElement('token-shifts')
export class TokenShifts extends LightElement {
  @property({ attribute: false }) rows: readonly NamedShift[] = [];
  /** What the two probabilities are of. */
  @property({ attribute: false }) names: readonly [string, string] = ['Before', 'After'];
  @property() caption = '';
  /** What the rows are: tokens, or classes. */
  @property() what = 'Token';
  @state() private open = false;

  protected override render(): TemplateResult {
    const shown = this.open ? this.rows : this.rows.slice(0, OPEN);
    const more = this.rows.length - OPEN;
    const largest = Math.max(...this.rows.flatMap(({ before, after }) => [before, after]));
    const farthest = Math.max(...this.rows.map(({ before, after }) => Math.abs(after - before)));
    const [first, second] = this.names;
    return html`<table class="shifts">
        <caption class="hidden-text">
          ${this.caption}
        </caption>
        <thead>
          <tr>
            <th scope="col">${this.what}</th>
            <th scope="col" class="number">${first}</th>
            <th scope="col" class="number">${second}</th>
            <th class="bars"><span class="hidden-text">As bars</span></th>
            <th scope="col" class="number">Change, points</th>
            <th class="change-bar"><span class="hidden-text">As a bar</span></th>
            <th scope="col" class="number">Δ log-prob.</th>
          </tr>
        </thead>
        <tbody>
          ${shown.map(
            ({ token, before, after }) =>
              html`<tr>
                <th scope="row">${tokenChip(token)}</th>
                <td class="number">${formatShare(before)}</td>
                <td class="number">${formatShare(after)}</td>
                <td class="bars">${pairedBars(before / largest, after / largest)}</td>
                <td class="number">${formatDifference(100 * (after - before), 2)}</td>
                <td class="change-bar">${changeBar((after - before) / farthest)}</td>
                <td class="number">${formatDifference(Math.log(after / before), 3)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
      ${
        more > 0
          ? html`<button type="button" class="link" @click=${() => (this.open = !this.open)}>
              ${this.open ? 'Show fewer' : `Show ${more} more`}
            </button>`
          : nothing
      }`;
  }
}

/** What the two colours of paired bars are. */
export function pairedKeys(first: string, second: string): TemplateResult {
  return html`<span class="keys"
    ><span class="key"><i class="first"></i>${first}</span
    ><span class="key"><i class="second"></i>${second}</span></span
  >`;
}

/** Bars one under the other, the first and the second in colours of their own. @param shares of the whole width */
export function pairedBars(...shares: readonly number[]): TemplateResult {
  const height = HEIGHT / shares.length;
  const bars = shares.map(
    (share, at) =>
      svg`<rect class=${at === 0 ? 'first' : 'second'} width=${lengthOf(share)} y=${at * height} height=${height - 1}></rect>`,
  );
  return html`<svg
    class="paired"
    viewBox="0 0 ${WIDTH} ${HEIGHT}"
    preserveAspectRatio="none"
    aria-hidden="true"
  >
    ${bars}
  </svg>`;
}

/** A bar from the middle, to the left where it is less. @param share of half the width, −1 to 1 */
export function changeBar(share: number): TemplateResult {
  const length = lengthOf(Math.abs(share)) / 2;
  const isLess = share < 0;
  return html`<svg class="paired" viewBox="0 0 ${WIDTH} 14" preserveAspectRatio="none" aria-hidden="true">
    ${svg`<rect class=${isLess ? 'less' : 'greater'} x=${WIDTH / 2 - (isLess ? length : 0)} width=${length} y="2"
      height="10"></rect>
    <line class="middle" x1=${WIDTH / 2} x2=${WIDTH / 2} y1="0" y2="14"></line>`}
  </svg>`;
}

function lengthOf(share: number): number {
  return Number.isFinite(share) ? Math.round(100 * WIDTH * share) / 100 : 0;
}

declare global {
  interface HTMLElementTagNameMap {
    'token-shifts': TokenShifts;
  }
}
