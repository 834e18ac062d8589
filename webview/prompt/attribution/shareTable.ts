import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { NeuronShare } from '../../../src/core/cause/attributionAnswer';
import { inOneLine } from '../../../src/core/common/foreignText';
import { formatValue } from '../../../src/core/common/numberFormat';
import { LightElement } from '../../common/lightElement';
import { changeBar } from '../../common/tokenShifts';
import { request } from '../../common/wishes';
import { signed } from './layersPicture';

/** Rows that are shown at first. */
const OPEN = 12;

/** The neurons that write most toward a token, with what is missing without each. */
@customElement('share-table')
export class ShareTable extends LightElement {
  @property({ attribute: false }) neurons: readonly NeuronShare[] = [];
  @property({ attribute: false }) meanings: Readonly<Record<string, string>> | null = null;
  /** Whether neurons have pages. */
  @property({ type: Boolean }) isLinked = false;
  @state() private open = false;

  protected override render(): TemplateResult {
    const { neurons, meanings } = this;
    const shown = this.open ? neurons : neurons.slice(0, OPEN);
    const largest = Math.max(
      ...neurons.flatMap(({ direct, ablated }) => [Math.abs(direct), Math.abs(ablated ?? 0)]),
    );
    const share = (value: number | null): TemplateResult =>
      html`<td class="number">${value === null ? '–' : signed(value)}</td>
        <td class="change-bar">${value === null ? nothing : changeBar(value / largest)}</td>`;
    return html`<table class="shifts lines shares">
        <caption class="hidden-text">
          Neurons by what they write toward the token, with what an ablation takes away
        </caption>
        <thead>
          <tr>
            <th scope="col">Neuron</th>
            ${meanings ? html`<th scope="col" class="meaning">Likely meaning</th>` : nothing}
            <th scope="col" class="number">Value</th>
            <th scope="col" class="number" aria-sort="descending">Direct</th>
            <th class="change-bar"><span class="hidden-text">Direct as a bar</span></th>
            <th scope="col" class="number">Ablated</th>
            <th class="change-bar"><span class="hidden-text">Ablated as a bar</span></th>
          </tr>
        </thead>
        <tbody>
          ${shown.map(
            ({ id, activation, direct, ablated }) =>
              html`<tr>
                <th scope="row">
                  ${this.isLinked ? this.link(id) : html`<span class="neuron-link">${id}</span>`}
                </th>
                ${meanings ? html`<td class="meaning words">${inOneLine(meanings[id] ?? '')}</td>` : nothing}
                <td class="number">${formatValue(activation)}</td>
                ${share(direct)} ${share(ablated)}
              </tr>`,
          )}
        </tbody>
      </table>
      ${
        neurons.length > OPEN
          ? html`<button type="button" class="link" @click=${() => (this.open = !this.open)}>
              ${this.open ? 'Show fewer' : `Show ${neurons.length - OPEN} more`}
            </button>`
          : nothing
      }`;
  }

  private link(neuron: string): TemplateResult {
    const open = (event: Event): void => {
      event.preventDefault();
      request(this, { type: 'openNeuron', neuron });
    };
    return html`<a class="neuron-link" href="#" @click=${open}>${neuron}</a>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'share-table': ShareTable;
  }
}
