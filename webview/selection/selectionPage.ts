import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { colourRange } from '../../src/core/common/colourScale';
import { formatCount } from '../../src/core/common/numberFormat';
import type { SelectionAnswer } from '../../src/core/selection/selectionAnswer';
import type { ShownSelection } from '../../src/protocol/pages/selection';
import { dropDown, segments } from '../common/choices';
import { legend } from '../common/legend';
import { LightElement } from '../common/lightElement';
import { iconButton, note } from '../common/widgets';
import { request } from '../common/wishes';
import type { PageElement } from '../common/startPage';
import './neuronTable';
import { rankedRows, type Sign } from './rankedRows';
import { selectionHeader } from './selectionHeader';
import { selectionText } from './selectionText';

/** Which neurons fire on this text more than elsewhere: the text above, the neurons below. */
@customElement('selection-page')
export class SelectionPage extends LightElement implements PageElement<ShownSelection> {
  @property({ attribute: false }) shown!: ShownSelection;
  @property({ attribute: false }) pinned: readonly string[] = [];
  @property() language = '';
  @state() private neuron = '';
  @state() private token: number | null = null;
  @state() private sign: Sign = 'both';

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('shown')) return;
    this.neuron = this.shown.answer.rows[0]?.id ?? '';
    this.token = null;
  }

  protected override render(): TemplateResult {
    const { answer } = this.shown;
    const rows = rankedRows(answer, this.token, this.sign);
    const row = answer.rows.find(({ id }) => id === this.neuron);
    return html`<div class="page">
      ${selectionHeader(answer)} ${leftOut(answer)}
      <div class="tools">
        ${row ? legend(colourRange(row.background.min, row.background.max)) : nothing}
        <span class="dim">${row ? `Colours: ${row.id}` : ''}</span>
        ${row ? ablation(row.id, answer.text) : nothing}
        <span class="grow"></span>
        <span class="dim">Click a token to rank by that token</span>
      </div>
      ${selectionText(answer, row, this.token, (token) => this.rankBy(token))} ${this.tools(rows.length)}
      ${
        rows.length > 0
          ? html`<neuron-table
              .answer=${answer}
              .rows=${rows}
              .chosen=${this.neuron}
              .pinned=${this.pinned}
              .meanings=${this.shown.meanings}
              .tokens=${this.shown.tokens}
              .byToken=${this.token !== null}
              @neuron-chosen=${(event: CustomEvent<string>) => (this.neuron = event.detail)}
            ></neuron-table>`
          : html`<p class="dim">No neuron of this profile answers to the text in this way.</p>`
      }
      <p class="remark">
        Percentile: share of corpus tokens with a lower
        value${this.token === null ? '' : ', read off the bars shown where the token is not the peak'}. Listed
        are the neurons whose peak in the selection stands highest above the corpus. Click a row to colour the
        text with that neuron.
      </p>
    </div>`;
  }

  private tools(shown: number): TemplateResult {
    const { answer } = this.shown;
    return html`<div class="tools">
      ${segments(
        'Ranking unit',
        [
          { value: 'selection', label: 'By selection' },
          { value: 'token', label: 'By token' },
        ],
        this.token === null ? 'selection' : 'token',
        (unit) => this.rankBy(unit === 'selection' ? null : (answer.rows[0]?.peak ?? 0)),
      )}
      <span class="dim">Sign</span>
      ${dropDown<Sign>(
        'Sign',
        [
          { value: 'both', label: 'Both' },
          { value: 'positive', label: 'Positive' },
          { value: 'negative', label: 'Negative' },
        ],
        this.sign,
        (sign) => (this.sign = sign),
      )}
      <span class="grow"></span>
      <span>${formatCount(shown)} of ${formatCount(answer.neurons)} neurons</span>
    </div>`;
  }

  /** The best neuron of the new order colours the text. */
  private rankBy(token: number | null): void {
    this.token = token;
    this.neuron = rankedRows(this.shown.answer, token, this.sign)[0]?.row.id ?? this.neuron;
  }
}

function ablation(neuron: string, text: string): TemplateResult {
  return iconButton('beaker', `Ablate ${neuron} on this text`, (event) =>
    request(event.currentTarget as Element, { type: 'openAblation', neuron, text }),
  );
}

function leftOut({ tokens, tokensLeftOut }: SelectionAnswer): TemplateResult | typeof nothing {
  if (tokensLeftOut === 0) return nothing;
  const words = `The first ${formatCount(tokens.length)} tokens are used; ${formatCount(tokensLeftOut)} more were left out.`;
  return note('info', html`${words}`);
}

declare global {
  interface HTMLElementTagNameMap {
    'selection-page': SelectionPage;
  }
}
