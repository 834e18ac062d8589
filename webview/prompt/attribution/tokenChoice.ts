import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { NextToken } from '../../../src/core/cause/promptsAnswer';
import { formatShare } from '../../../src/core/common/numberFormat';
import { dropDown } from '../../common/choices';
import { LightElement } from '../../common/lightElement';
import { withVisibleBreaks } from '../../common/tokenText';

/** Tokens that are offered. */
const OFFERED = 10;
const NONE = '';
const OTHER = 'other';

/** A token of the vocabulary to choose: one of the likeliest, or any that is typed. */
@customElement('token-choice')
export class TokenChoice extends LightElement {
  @property() label = '';
  /** What stands for no token. */
  @property() none = '';
  @property({ attribute: false }) offered: readonly NextToken[] = [];
  /** Place of the prompt that the shares are of. */
  @property({ type: Number }) prompt = 0;
  /** As on the command line; null: none. */
  @property({ attribute: false }) token: string | null = null;
  @state() private isTyped = false;

  protected override render(): TemplateResult {
    const { prompt } = this;
    const share = ({ shares }: NextToken): number => shares[prompt] ?? 0;
    const best = [...this.offered].sort((a, b) => share(b) - share(a)).slice(0, OFFERED);
    const known = best.map((one) => ({
      value: `#${one.id}`,
      label: `${withVisibleBreaks(one.token).replace(/^ /, '·')}  ${formatShare(share(one))}`,
    }));
    const typed = this.isTyped || (this.token !== null && !known.some(({ value }) => value === this.token));
    return html`<span class="token-choice"
      ><span>${this.label}</span> ${dropDown(
        this.label,
        [{ value: NONE, label: this.none }, ...known, { value: OTHER, label: 'Other…' }],
        typed ? OTHER : (this.token ?? NONE),
        (value) => this.onChoose(value),
      )}
      ${
        typed
          ? html`<input
              type="text"
              aria-label="${this.label}, typed"
              placeholder="·word or #262"
              spellcheck="false"
              autocomplete="off"
              .value=${(this.token ?? '').replace(/^ /, '·')}
              @change=${this.onTyped}
            />`
          : nothing
      }</span
    >`;
  }

  private onChoose(value: string): void {
    this.isTyped = value === OTHER;
    if (this.isTyped) void this.updateComplete.then(() => this.querySelector('input')?.focus());
    else this.choose(value === NONE ? null : value);
  }

  private readonly onTyped = (event: Event): void => {
    const { value } = event.currentTarget as HTMLInputElement;
    this.choose(value === '' ? null : value.replace(/^·/, ' '));
  };

  private choose(token: string | null): void {
    this.dispatchEvent(new CustomEvent<string | null>('token-chosen', { detail: token }));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'token-choice': TokenChoice;
  }
}
