import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { LightElement } from './lightElement';
import { betweenTokens, visibleText } from './tokenText';
import { hideTooltip, showTooltip } from './tokenTooltip';
import { cursorAfter } from './rowCursor';

/** Where a token stands in its text, in UTF-16 code units. */
export interface TokenPlace {
  readonly start: number;
  readonly end: number;
  /** What a token without text is called, such as `[CLS]`. */
  readonly piece?: string;
}

/** A text whose tokens are buttons that can be pressed. One tab stop: arrow keys move, Enter presses, Escape clears. */
@customElement('token-toggles')
export class TokenToggles extends LightElement {
  @property() text = '';
  @property({ attribute: false }) tokens: readonly TokenPlace[] = [];
  /** Indices of the tokens that are pressed. */
  @property({ attribute: false }) pressed: readonly number[] = [];
  @property() label = '';
  /** Classes of a token, such as its colour. */
  @property({ attribute: false }) classOf: (index: number) => string = () => 'zero';
  /** What is told of a token under the pointer, or nothing. */
  @property({ attribute: false }) tell: ((index: number, text: string) => TemplateResult) | null = null;
  @state() private cursor = 0;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    hideTooltip();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('classOf')) hideTooltip();
    if (this.cursor >= this.tokens.length) this.cursor = 0;
  }

  protected override render(): TemplateResult {
    const { text, tokens } = this;
    let reached = 0;
    const parts = tokens.map(({ start, end, piece }, index) => {
      const between = text.slice(reached, start);
      const from = Math.max(reached, start);
      reached = Math.max(reached, end);
      const own = text.slice(from, end);
      return html`${betweenTokens(between)}${this.token(own === '' ? (piece ?? '') : own, index, own === '')}`;
    });
    return html`<div
      class="heat token-box"
      dir="auto"
      role="group"
      aria-label=${this.label}
      @keydown=${this.onKey}
    >
      <span class="text">${parts}${betweenTokens(text.slice(reached))}</span>
    </div>`;
  }

  private token(text: string, index: number, isNamed: boolean): TemplateResult {
    return html`<span
      class="token toggle ${isNamed ? 'named' : ''} ${this.classOf(index)}"
      role="button"
      data-index=${index}
      tabindex=${index === this.cursor ? 0 : -1}
      aria-pressed=${this.pressed.includes(index)}
      @click=${() => this.toggle(index)}
      @mouseenter=${(event: Event) => this.describe(event.currentTarget as Element, text, index)}
      @mouseleave=${this.tell ? hideTooltip : nothing}
      >${visibleText(text, true)}</span
    >`;
  }

  private describe(anchor: Element, text: string, index: number): void {
    if (this.tell) showTooltip(anchor, this.tell(index, text));
  }

  private toggle(index: number): void {
    this.cursor = index;
    this.dispatchEvent(new CustomEvent<number>('token-toggled', { detail: index }));
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    const target = cursorAfter(event, this.cursor, this.tokens.length - 1);
    const plain = !event.altKey && !event.ctrlKey && !event.metaKey;
    if (target !== undefined) {
      this.cursor = target;
      void this.updateComplete.then(() =>
        this.querySelector<HTMLElement>(`[data-index="${target}"]`)?.focus(),
      );
    } else if (plain && (event.key === 'Enter' || event.key === ' ')) this.toggle(this.cursor);
    else if (event.key === 'Escape' && this.pressed.length > 0) {
      this.dispatchEvent(new CustomEvent('tokens-cleared'));
    } else return;
    event.preventDefault();
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'token-toggles': TokenToggles;
  }
}
