import { html, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { ComparedToken } from '../../src/core/cause/promptsAnswer';
import { formatValue } from '../../src/core/common/numberFormat';
import { colourClass } from '../common/colourClass';
import { LightElement } from '../common/lightElement';
import { tokenChip } from '../common/tokenText';
import { hideTooltip, showTooltip } from '../common/tokenTooltip';
import { paintedPieces } from './keptColours';

/** What is known of a prompt's tokens, and of which text it is. */
export interface PromptColours {
  readonly text: string;
  readonly tokens: readonly ComparedToken[];
  /** [tokens] Of the neuron that colours. */
  readonly values: readonly number[];
  /** [tokens] Whether the other prompt has no such token there. */
  readonly unlike: readonly boolean[];
  /** Size that has the full colour. */
  readonly range: number;
}

/**
 * A prompt that is edited in place: a plain text field, whose own letters are not seen, over the same letters painted token
 * by token. Escape leaves it, Alt+Up and Alt+Down go to another prompt.
 */
@customElement('prompt-editor')
export class PromptEditor extends LightElement {
  @property() name = '';
  @property() text = '';
  @property({ attribute: false }) colours: PromptColours | null = null;
  @query('textarea') private readonly field!: HTMLTextAreaElement;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    hideTooltip();
  }

  override focus(): void {
    this.field.focus();
  }

  protected override render(): TemplateResult {
    const { colours, text } = this;
    const pieces = paintedPieces(text, colours?.text ?? '', colours?.tokens ?? []).map(
      ({ text: own, token }) =>
        token === null ? own : html`<span class=${this.classesOf(token)} data-token=${token}>${own}</span>`,
    );
    // A last line that is empty has a height as well.
    const end = text === '' || text.endsWith('\n') ? '\u200b' : '';
    return html`<div class="prompt-field">
      <span class="paint" dir="auto" aria-hidden="true">${pieces}${end}</span>
      <textarea
        dir="auto"
        rows="1"
        spellcheck="false"
        autocomplete="off"
        aria-label="Prompt ${this.name}"
        .value=${text}
        @input=${this.onInput}
        @keydown=${this.onKey}
        @pointermove=${this.onPoint}
        @pointerleave=${hideTooltip}
      ></textarea>
    </div>`;
  }

  private classesOf(token: number): string {
    const { values = [], unlike = [], range = 0 } = this.colours ?? {};
    const colour = colourClass(values[token] ?? null, range, 'linear');
    return `token ${colour}${unlike[token] ? ' unlike' : ''}`;
  }

  private readonly onInput = (): void => {
    hideTooltip();
    this.dispatchEvent(new CustomEvent<string>('prompt-edited', { detail: this.field.value }));
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    const step = event.altKey ? { ArrowUp: -1, ArrowDown: 1 }[event.key] : undefined;
    if (event.key === 'Escape' && !event.isComposing) this.field.blur();
    else if (step !== undefined) {
      this.dispatchEvent(new CustomEvent<number>('other-prompt', { detail: step }));
    } else return;
    event.preventDefault();
  };

  /** The field lies over the tokens, so that they are found under it. */
  private readonly onPoint = ({ clientX, clientY }: PointerEvent): void => {
    const under = document.elementsFromPoint(clientX, clientY);
    const span = under.find((element) => element.matches('.paint > .token'));
    const at = span instanceof HTMLElement ? Number(span.dataset['token']) : null;
    const value = at === null ? undefined : this.colours?.values[at];
    if (!span || at === null || value === undefined) hideTooltip();
    else {
      showTooltip(
        span,
        html`${tokenChip(span.textContent)}<b>${formatValue(value)}</b
          ><span>token ${at + 1} of ${this.colours?.tokens.length ?? 0}</span>`,
      );
    }
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'prompt-editor': PromptEditor;
  }
}
