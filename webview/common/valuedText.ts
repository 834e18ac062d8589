import { html, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { colourClass } from './colourClass';
import { LightElement } from './lightElement';
import type { TokenPlace } from './tokenToggles';
import { betweenTokens, tokenChip, visibleText } from './tokenText';
import { hideTooltip, showTooltip } from './tokenTooltip';
import { cursorAfter } from './rowCursor';

/** A text with each token on the diverging colour of a number of its own. One tab stop: Left and Right read tokens. */
@customElement('valued-text')
export class ValuedText extends LightElement {
  @property() text = '';
  @property({ attribute: false }) tokens: readonly TokenPlace[] = [];
  /** A number a token; null where there is none. */
  @property({ attribute: false }) values: readonly (number | null)[] = [];
  /** Size that has the full colour. */
  @property({ type: Number }) range = 0;
  /** What the colours are, for those who hear it. */
  @property() label = '';
  /** What is told of a token that is pointed at or read. */
  @property({ attribute: false }) tell: (index: number) => string = () => '';
  @state() private cursor = -1;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    hideTooltip();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('values')) this.cursor = -1;
  }

  protected override render(): TemplateResult {
    let reached = 0;
    const parts = this.tokens.map((token, index) => {
      const between = this.text.slice(reached, token.start);
      reached = Math.max(reached, token.end);
      return html`${betweenTokens(between)}${this.token(index)}`;
    });
    const rest = this.text.slice(reached);
    return html`<div
      class="heat token-box"
      dir="auto"
      role="group"
      tabindex="0"
      aria-label="${this.label} Use the arrow keys to read single tokens."
      @keydown=${this.onKey}
      @blur=${this.leave}
    >
      <span class="text">${parts}${betweenTokens(rest)}</span>
    </div>`;
  }

  private token(index: number): TemplateResult {
    const value = this.values[index] ?? null;
    const own = this.textOf(index);
    const classes = [
      'token',
      colourClass(value, this.range, 'linear'),
      own === '' ? 'named' : '',
      value === null ? 'without-value' : '',
      index === this.cursor ? 'cursor' : '',
    ].join(' ');
    return html`<span
      class=${classes}
      data-index=${index}
      @mouseenter=${(event: Event) => this.describe(event.currentTarget as Element, index)}
      @mouseleave=${hideTooltip}
      >${visibleText(own === '' ? (this.tokens[index]?.piece ?? '') : own, true)}</span
    >`;
  }

  /** The token's text without what an earlier one has already. */
  private textOf(index: number): string {
    const { start = 0, end = 0 } = this.tokens[index] ?? {};
    return this.text.slice(Math.max(start, this.tokens[index - 1]?.end ?? 0), end);
  }

  private describe(anchor: Element, index: number): void {
    const own = this.textOf(index);
    showTooltip(
      anchor,
      html`${tokenChip(own === '' ? (this.tokens[index]?.piece ?? '') : own)}<b>${this.tell(index)}</b
        ><span>token ${index + 1} of ${this.tokens.length}</span>`,
    );
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    const target = cursorAfter(event, this.cursor, this.tokens.length - 1);
    if (target === undefined) return;
    event.preventDefault();
    this.cursor = target;
    void this.updateComplete.then(() => {
      const element = this.querySelector('.cursor');
      if (element) this.describe(element, target);
    });
  };

  private readonly leave = (): void => {
    this.cursor = -1;
    hideTooltip();
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'valued-text': ValuedText;
  }
}
