import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { inOneLine } from '../../src/core/common/foreignText';
import { formatPercentile, formatValue } from '../../src/core/common/numberFormat';
import type { SelectionAnswer } from '../../src/core/selection/selectionAnswer';
import type { ShownToken } from '../../src/core/stats/strongestTokens';
import { request } from '../common/wishes';
import { LightElement } from '../common/lightElement';
import { onRowKey, togglePin } from '../common/neuronRows';
import { icon, iconButton } from '../common/widgets';
import { tokenChip, tokenChips } from '../common/tokenText';
import type { RankedRow } from './rankedRows';
import { sparkline } from './sparkline';

/** The neurons that answer, best first. Up and Down choose a row, Enter opens its neuron, Space pins it. */
@customElement('neuron-table')
export class NeuronTable extends LightElement {
  @property({ attribute: false }) answer!: SelectionAnswer;
  @property({ attribute: false }) rows: readonly RankedRow[] = [];
  /** Id of the neuron that colours the text. */
  @property() chosen = '';
  @property({ attribute: false }) pinned: readonly string[] = [];
  /** What neurons are likely about, by id; null where no concepts were tested. */
  @property({ attribute: false }) meanings: Readonly<Record<string, string>> | null = null;
  /** What they answer to most, by id. */
  @property({ attribute: false }) tokens: Readonly<Record<string, readonly ShownToken[]>> = {};
  @property({ type: Boolean }) byToken = false;

  protected override render(): TemplateResult {
    return html`<div class="sideways">
      <table
        class="lines neurons"
        role="grid"
        aria-label="Neurons ranked by percentile"
        @keydown=${this.onKey}
      >
        <thead>
          <tr>
            <th scope="col" class="number rank"><span class="hidden-text">Rank</span></th>
            <th scope="col">Neuron</th>
            <th scope="col" class="meaning">${this.meanings ? 'Likely meaning' : 'Strongest tokens'}</th>
            <th scope="col">${this.byToken ? 'Token' : 'Peak token'}</th>
            <th scope="col" class="number">Value</th>
            <th
              scope="col"
              class="number"
              aria-sort="descending"
              title="Share of corpus tokens with a lower value"
            >
              Percentile ${icon('arrow-down')}
            </th>
            <th scope="col" class="over" title="Bars: corpus (log). Ticks below: tokens of the selection.">
              Selection over background
            </th>
            <th scope="col"><span class="hidden-text">Pin</span></th>
          </tr>
        </thead>
        <tbody>
          ${this.rows.map((ranked, index) => this.row(ranked, index))}
        </tbody>
      </table>
    </div>`;
  }

  private row({ row, token, value, percentile }: RankedRow, index: number): TemplateResult {
    const { text, tokens } = this.answer;
    const place = tokens[token];
    const chosen = row.id === this.chosen;
    const pinned = this.pinned.includes(row.id);
    const open = (event: Event): void => {
      event.preventDefault();
      event.stopPropagation();
      request(this, { type: 'openNeuron', neuron: row.id });
    };
    const pin = (event: Event): void => {
      event.stopPropagation();
      togglePin(this, row.id, this.pinned);
    };
    return html`<tr aria-selected=${chosen} tabindex=${chosen ? 0 : -1} @click=${() => this.choose(row.id)}>
      <td class="number rank dim">${index + 1}</td>
      <td><a class="neuron-link" href="#" @click=${open}>${row.id}</a></td>
      <td class="meaning words">
        ${inOneLine(this.meanings?.[row.id] ?? '')} ${tokenChips(this.tokens[row.id] ?? [])}
      </td>
      <td>${place ? tokenChip(text.slice(place.start, place.end)) : nothing}</td>
      <td class="number">${formatValue(value)}</td>
      <td class="number">${percentile === null ? '–' : formatPercentile(percentile)}</td>
      <td class="over">${sparkline(row)}</td>
      <td class="number">
        ${iconButton(pinned ? 'pinned' : 'pin', `${pinned ? 'Unpin' : 'Pin'} ${row.id}`, pin)}
      </td>
    </tr>`;
  }

  private choose(id: string): void {
    this.dispatchEvent(new CustomEvent<string>('neuron-chosen', { detail: id }));
  }

  private readonly onKey = (event: KeyboardEvent): void =>
    onRowKey(event, {
      table: this,
      ids: this.rows.map(({ row }) => row.id),
      ...{ chosen: this.chosen, pinned: this.pinned },
      choose: (id) => this.choose(id),
    });
}

declare global {
  interface HTMLElementTagNameMap {
    'neuron-table': NeuronTable;
  }
}
