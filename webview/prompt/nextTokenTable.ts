import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { PromptsAnswer } from '../../src/core/cause/promptsAnswer';
import { formatDifference, formatShare } from '../../src/core/common/numberFormat';
import { LightElement } from '../common/lightElement';
import { pairedBars } from '../common/tokenShifts';
import { tokenChip } from '../common/tokenText';
import { promptName } from './promptNames';

/** Rows that are shown at first. */
const OPEN = 8;

/** What comes next after each prompt: probabilities as numbers and bars, and after a patch. */
@customElement('next-token-table')
export class NextTokenTable extends LightElement {
  @property({ attribute: false }) answer!: PromptsAnswer;
  /** Place of the prompt that values were patched into; null without a patch. */
  @property({ attribute: false }) patched: number | null = null;
  @state() private open = false;

  protected override render(): TemplateResult {
    const { next, prompts, output } = this.answer;
    const shown = this.open ? next : next.slice(0, OPEN);
    const largest = Math.max(...next.flatMap(({ shares }) => shares.map((share) => share ?? 0)));
    const names = prompts.map((_, at) => promptName(at));
    const two = prompts.length === 2;
    const difference = ([a, b]: readonly (number | null)[]): string =>
      a == null || b == null ? '–' : formatDifference(100 * (b - a), 1);
    return html`<table class="shifts next-tokens">
        <caption class="hidden-text">
          ${output === 'classes' ? 'Probabilities of the classes' : 'Probabilities of the next token'}
        </caption>
        <thead>
          <tr>
            <th scope="col">${output === 'classes' ? 'Class' : 'Token'}</th>
            ${names.map((name) => html`<th scope="col" class="number">${name}</th>`)}
            <th class="bars"><span class="hidden-text">As bars</span></th>
            ${two ? html`<th scope="col" class="number">B − A, points</th>` : nothing}
            ${
              this.patched === null
                ? nothing
                : html`<th scope="col" class="number">${promptName(this.patched)} patched</th>`
            }
          </tr>
        </thead>
        <tbody>
          ${shown.map(
            ({ token, shares, patched }) =>
              html`<tr>
                <th scope="row">${tokenChip(token)}</th>
                ${shares.map((share) => html`<td class="number">${formatShare(share)}</td>`)}
                <td class="bars">${pairedBars(...shares.map((share) => (share ?? 0) / largest))}</td>
                ${two ? html`<td class="number">${difference(shares)}</td>` : nothing}
                ${this.patched === null ? nothing : html`<td class="number">${formatShare(patched)}</td>`}
              </tr>`,
          )}
        </tbody>
      </table>
      <p class="remark">
        The likeliest twenty of each prompt.
        ${
          next.length > OPEN
            ? html`<button type="button" class="link" @click=${() => (this.open = !this.open)}>
                ${this.open ? 'Show fewer' : `Show ${next.length - OPEN} more`}
              </button>`
            : nothing
        }
      </p>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'next-token-table': NextTokenTable;
  }
}
