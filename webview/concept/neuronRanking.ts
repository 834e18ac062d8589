import { html, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { formatQ, formatRatio, formatSignedRatio } from '../../src/core/common/numberFormat';
import { NEURON_FIGURES, type ConceptNeuron } from '../../src/core/concepts/conceptResults';
import { missedWords } from '../../src/core/concepts/conceptSummary';
import type { ShownConcept } from '../../src/protocol/pages/concept';
import { type Choice, dropDown } from '../common/choices';
import { conceptLink } from '../common/conceptLink';
import { intervalPlot } from '../common/intervalPlot';
import { LightElement } from '../common/lightElement';
import { onRowKey, togglePin } from '../common/neuronRows';
import { badge, iconButton, section } from '../common/widgets';
import { request } from '../common/wishes';
import { neuronLink } from '../common/neuronLink';
import { hasOrdersOfA, type NeuronOrder } from './neuronOrder';

const CHOSEN: Choice<NeuronOrder> = { value: 'chosen', label: 'Order: AUROC on half A' };
const ORDERS_OF_A: readonly Choice<NeuronOrder>[] = [
  { value: 'apOnA', label: 'Order: average precision on A' },
  { value: 'precisionTop1OnA', label: 'Order: top 1 % on A' },
];
const ORDERS_OF_B: readonly Choice<NeuronOrder>[] = [
  { value: 'auroc', label: 'Order: AUROC on half B' },
  { value: 'ap', label: 'Order: average precision on B' },
  { value: 'precisionTop1', label: 'Order: top 1 % on B' },
];
const AGREEMENTS = ['AUROC and AP', 'AUROC and top 1 %', 'AP and top 1 %'];

/** The neurons of a concept. Up and Down choose a row, which fills the page; Enter opens its neuron, Space pins it. */
@customElement('neuron-ranking')
export class NeuronRanking extends LightElement {
  @property({ attribute: false }) shown!: ShownConcept;
  @property({ attribute: false }) rows: readonly ConceptNeuron[] = [];
  /** Id of the neuron whose evidence is shown. */
  @property() chosen = '';
  @property() order: NeuronOrder = 'chosen';
  @property({ attribute: false }) pinned: readonly string[] = [];

  protected override render(): TemplateResult {
    return section(
      'Neurons',
      html`${dropDown('Order', this.orders(), this.order, (order) => this.announce('order-chosen', order))}
      ${iconButton('copy', 'Copy table values', () => this.copy())}`,
      html`<div class="sideways">
        <table class="lines ranking" role="grid" aria-label="Neurons of the concept" @keydown=${this.onKey}>
          <thead>
            <tr>
              <th scope="col">Neuron</th>
              <th scope="col" title="Figures of half B; interval by bootstrap over documents">
                AUROC (95 % CI)
              </th>
              <th scope="col" class="number" title="Average precision">AP</th>
              <th
                scope="col"
                class="number top"
                title="Share of the concept among the 1 % of tokens with the highest values"
              >
                Top 1 %
              </th>
              <th scope="col" class="number" title="AUROC less that of the control's own winner">Select.</th>
              <th scope="col" class="number q" title="Rate of false discoveries">q</th>
              <th scope="col">Name</th>
              <th scope="col"><span class="hidden-text">Pin</span></th>
            </tr>
          </thead>
          <tbody>
            ${this.rows.map((row) => this.row(row))}
          </tbody>
        </table>
      </div>`,
      html`<p class="remark">${this.remark()}</p>`,
    );
  }

  private orders(): Choice<NeuronOrder>[] {
    return [CHOSEN, ...(hasOrdersOfA(this.rows) ? ORDERS_OF_A : []), ...ORDERS_OF_B];
  }

  private row(row: ConceptNeuron): TemplateResult {
    const { id } = row;
    const isChosen = id === this.chosen;
    const isPinned = this.pinned.includes(id);
    const pin = (event: Event): void => {
      event.stopPropagation();
      togglePin(this, id, this.pinned);
    };
    return html`<tr
      aria-selected=${isChosen}
      tabindex=${isChosen ? 0 : -1}
      @click=${() => this.announce('neuron-chosen', id)}
    >
      <td>${neuronLink(id)}</td>
      <td>${intervalPlot(row)}</td>
      <td class="number">${formatRatio(row.ap)}</td>
      <td class="number top">${formatRatio(row.precisionTop1)}</td>
      <td class="number">${formatSignedRatio(row.selectivity)}</td>
      <td class="number q">${formatQ(row.q)}</td>
      <td class="words">${this.nameOf(row)}</td>
      <td class="number">
        ${iconButton(isPinned ? 'pinned' : 'pin', `${isPinned ? 'Unpin' : 'Pin'} ${id}`, pin)}
      </td>
    </tr>`;
  }

  /** Its name where it is this concept's, the one that explains more, or what it lacks. */
  private nameOf(row: ConceptNeuron): TemplateResult {
    if (!row.named) return html`<span class="dim">${missedWords(row)}</span>`;
    const name = this.shown.names[row.id]?.concept;
    if (name === undefined || name === this.shown.concept.name) return badge('Named', { icon: 'tag' });
    return html`<span title="Explains more of this neuron">${conceptLink(name)}</span>`;
  }

  private remark(): string {
    const { concept } = this.shown;
    const ceiling = Math.min(1, concept.share * 100);
    const agreement = concept.agreement.flatMap((tau, at) =>
      tau === null ? [] : [`${AGREEMENTS[at] ?? ''} ${formatRatio(tau)}`],
    );
    return [
      'Chosen on half A, figures of half B. AUROC under 0.5: low values go with the concept.',
      ...(ceiling < 1 ? [`Top 1 % is at most about ${formatRatio(ceiling)} here.`] : []),
      ...(agreement.length > 0 ? [`Rank agreement of the three orders on A: ${agreement.join(', ')}.`] : []),
    ].join(' ');
  }

  private copy(): void {
    const head = ['neuron', ...NEURON_FIGURES];
    const lines = this.rows.map((row) => [row.id, ...NEURON_FIGURES.map((figure) => row[figure] ?? '')]);
    const text = [head, ...lines].map((line) => line.join('\t')).join('\n');
    request(this, { type: 'copyText', text, what: 'neurons' });
  }

  private announce(type: string, detail: string): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  private readonly onKey = (event: KeyboardEvent): void =>
    onRowKey(event, {
      table: this,
      ids: this.rows.map(({ id }) => id),
      ...{ chosen: this.chosen, pinned: this.pinned },
      choose: (id) => this.announce('neuron-chosen', id),
    });
}

declare global {
  interface HTMLElementTagNameMap {
    'neuron-ranking': NeuronRanking;
  }
}
