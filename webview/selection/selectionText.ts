import { html, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { colourRange } from '../../src/core/common/colourScale';
import { formatValue } from '../../src/core/common/numberFormat';
import type { SelectionAnswer, SelectionRow } from '../../src/core/selection/selectionAnswer';
import { colourClass } from '../common/colourClass';
import { LightElement } from '../common/lightElement';
import { tokenChip, visibleText } from '../common/tokenText';
import { hideTooltip, showTooltip } from '../common/tokenTooltip';

/** The selected text; each token is a toggle, coloured by the neuron of the chosen row. One tab stop. */
@customElement('selection-text')
export class SelectionText extends LightElement {
  @property({ attribute: false }) answer!: SelectionAnswer;
  @property({ attribute: false }) row: SelectionRow | undefined;
  /** Index of the token that rows are ranked by, null for the selection as a whole. */
  @property({ attribute: false }) chosen: number | null = null;
  @state() private cursor = 0;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('row')) hideTooltip();
  }

  protected override render(): TemplateResult {
    const { text, tokens } = this.answer;
    let reached = 0;
    const parts = tokens.map((token, index) => {
      const between = text.slice(reached, token.start);
      const start = Math.max(reached, token.start);
      reached = Math.max(reached, token.end);
      return html`${betweenTokens(between)}${this.token(text.slice(start, token.end), index)}`;
    });
    return html`<div
      class="heat selection-text"
      dir="auto"
      role="group"
      aria-label="Selected text as tokens. Arrow keys move, Enter selects one token."
      @keydown=${this.onKey}
    >
      <span class="text">${parts}${betweenTokens(text.slice(reached))}</span>
    </div>`;
  }

  private token(text: string, index: number): TemplateResult {
    const value = this.row?.values[index] ?? null;
    const background = this.row?.background;
    const range = background ? colourRange(background.min, background.max) : 0;
    return html`<span
      class="token toggle ${colourClass(value, range, 'linear')}"
      role="button"
      data-index=${index}
      tabindex=${index === this.cursor ? 0 : -1}
      aria-pressed=${index === this.chosen}
      @click=${() => this.toggle(index)}
      @mouseenter=${(event: Event) => this.describe(event.currentTarget as Element, text, value, index)}
      @mouseleave=${hideTooltip}
      >${visibleText(text, true)}</span
    >`;
  }

  private describe(anchor: Element, text: string, value: number | null, index: number): void {
    const number = value === null ? 'not counted' : formatValue(value);
    const place = `token ${index + 1} of ${this.answer.tokens.length}`;
    showTooltip(anchor, html`${tokenChip(text)}<b>${number}</b><span>${place}</span>`);
  }

  private toggle(index: number): void {
    this.cursor = index;
    const detail = this.chosen === index ? null : index;
    this.dispatchEvent(new CustomEvent<number | null>('token-chosen', { detail }));
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    const last = this.answer.tokens.length - 1;
    const target = {
      ArrowRight: Math.min(last, this.cursor + 1),
      ArrowLeft: Math.max(0, this.cursor - 1),
      Home: 0,
      End: last,
    }[event.key];
    if (target !== undefined) {
      this.cursor = target;
      void this.updateComplete.then(() =>
        this.querySelector<HTMLElement>(`[data-index="${target}"]`)?.focus(),
      );
    } else if (event.key === 'Enter' || event.key === ' ') this.toggle(this.cursor);
    else if (event.key === 'Escape' && this.chosen !== null) this.toggle(this.chosen);
    else return;
    event.preventDefault();
  };
}

function betweenTokens(text: string): (TemplateResult | string)[] {
  return text === '' ? [] : visibleText(text, true);
}

declare global {
  interface HTMLElementTagNameMap {
    'selection-text': SelectionText;
  }
}
