import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { formatPercentile, formatValue } from '../../src/core/common/numberFormat';
import { hasText } from '../../src/core/profile/keptText';
import type { Example } from '../../src/core/profile/neuronPage';
import { colourClass, type ColourChoice, rangeFor, scaleOf } from './colourClass';
import { contextPieces, type Piece, valueOf } from './contextPieces';
import { LightElement } from './lightElement';
import { hideTooltip, showTooltip } from './tokenTooltip';
import { withVisibleBreaks, shortened, tokenChip, visibleText } from './tokenText';

const LONG_TOKEN = 24;

/**
 * The text of an example with each token on the colour of its own value and the ranked one outlined.
 * One tab stop: Left and Right read tokens, Enter opens or folds, O asks for the source.
 */
@customElement('token-heat-map')
export class TokenHeatMap extends LightElement {
  @property({ attribute: false }) example!: Example;
  /** R of the page. */
  @property({ type: Number }) range = 0;
  @property() colours: ColourChoice = 'linear';
  @state() private open = false;
  @state() private cursor = -1;
  private pieces: readonly Piece[] = [];

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    hideTooltip();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('example')) {
      this.pieces = contextPieces(this.example);
      this.open = false;
      this.cursor = -1;
    }
  }

  protected override render(): TemplateResult {
    if (!hasText(this.example)) {
      return html`<div class="heat dim">
        The profile keeps no text. The token has id ${this.example.tokenId}.
      </div>`;
    }
    const shown = this.pieces.filter((piece) => this.open || !piece.folded);
    const first = this.pieces.findIndex((piece) => !piece.folded);
    const last = this.pieces.findLastIndex((piece) => !piece.folded);
    const before = this.open ? 0 : countTokens(this.pieces.slice(0, first));
    const after = this.open ? 0 : countTokens(this.pieces.slice(last + 1));
    const peak = `peak token “${withVisibleBreaks(shortened(this.example.token)).trim()}” ${formatValue(this.example.value)}`;
    return html`<div
      class="heat"
      dir="auto"
      role="group"
      tabindex="0"
      aria-label="Token values, ${peak}. Use the arrow keys to read single tokens."
      @keydown=${this.onKey}
      @blur=${this.leave}
    >
      <span class="text"
        >${this.more(before, 'before')}${shown.map((piece, at) => this.token(piece, at))}${this.more(after, 'after')}</span
      >
    </div>`;
  }

  private token(piece: Piece, at: number): TemplateResult | (TemplateResult | string)[] {
    const text = visibleText(piece.text, this.open);
    if (piece.index < 0) return text;
    const value = valueOf(piece, this.example);
    const colour = colourClass(
      value,
      rangeFor(this.example, this.range, this.colours),
      scaleOf(this.colours),
    );
    const classes = [
      'token',
      colour,
      piece.peak ? 'peak' : '',
      piece.text.length > LONG_TOKEN ? 'long' : '',
      value === null ? 'without-value' : '',
      at === this.cursor ? 'cursor' : '',
    ].join(' ');
    const breakable = /^\s/.test(piece.text) && colour !== 'zero';
    return html`${breakable ? html`<wbr />` : nothing}<span
        class=${classes}
        @mouseenter=${(event: Event) => this.describe(event.currentTarget as Element, piece)}
        @mouseleave=${hideTooltip}
        >${text}</span
      >`;
  }

  private more(tokens: number, where: 'before' | 'after'): TemplateResult | typeof nothing {
    if (tokens === 0) return nothing;
    const label = `Show ${tokens} tokens ${where}`;
    return html`<button
      type="button"
      class="more"
      title="Show context"
      aria-label=${label}
      @click=${() => (this.open = true)}
    >
      …
    </button>`;
  }

  private describe(anchor: Element, piece: Piece): void {
    const value = valueOf(piece, this.example);
    const count = this.example.context.tokens.length;
    const place = piece.peak
      ? `percentile ${formatPercentile(this.example.percentile)}`
      : piece.values.length > 1
        ? `${piece.values.length} tokens share this character: ${piece.values.map(formatValue).join(', ')}`
        : `token ${piece.index + 1} of ${count}`;
    showTooltip(
      anchor,
      html`${tokenChip(piece.text)}<b>${value === null ? 'no value kept' : formatValue(value)}</b
        ><span>${place}</span>`,
    );
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    const tokens = this.pieces.filter((piece) => this.open || !piece.folded);
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step !== undefined) {
      let next = this.cursor + step;
      while (tokens[next] !== undefined && tokens[next]!.index < 0) next += step;
      if (tokens[next] !== undefined) this.cursor = next;
      void this.updateComplete.then(() => {
        const [piece, element] = [tokens[this.cursor], this.querySelector('.cursor')];
        if (piece && element) this.describe(element, piece);
      });
    } else if (event.key === 'Enter') {
      this.open = !this.open;
      this.cursor = -1;
    } else return;
    event.preventDefault();
  };

  private readonly leave = (): void => {
    this.cursor = -1;
    hideTooltip();
  };
}

function countTokens(pieces: readonly Piece[]): number {
  return pieces.filter((piece) => piece.index >= 0).length;
}

declare global {
  interface HTMLElementTagNameMap {
    'token-heat-map': TokenHeatMap;
  }
}
