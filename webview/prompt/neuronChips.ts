import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { inOneLine } from '../../src/core/common/foreignText';
import { formatNeuron, parseNeuron } from '../../src/core/common/neuronAddress';
import { LightElement } from '../common/lightElement';
import { icon } from '../common/widgets';

/** What the reader may do with the chosen neurons. */
export type ChipWish =
  | { readonly type: 'choose' | 'add' | 'remove'; readonly neuron: string }
  | { readonly type: 'addMostDifferent' };

/** The chosen neurons: one of them colours the prompts. Left and Right choose it. */
@customElement('neuron-chips')
export class NeuronChips extends LightElement {
  @property({ attribute: false }) neurons: readonly string[] = [];
  @property() colouring: string | null = null;
  @property({ attribute: false }) meanings: Readonly<Record<string, string>> | null = null;
  /** Whether there are two prompts to tell apart. */
  @property({ type: Boolean }) canDiffer = false;
  @state() private fault = '';

  protected override render(): TemplateResult {
    return html`<div class="neuron-chips">
      <span class="dim" id="neuron-chips-label">Neurons</span>
      <span class="chips" role="radiogroup" aria-labelledby="neuron-chips-label" @keydown=${this.onKey}>
        ${this.neurons.map((neuron) => this.chip(neuron))}
      </span>
      <form @submit=${this.add}>
        <input
          type="text"
          name="neuron"
          placeholder="Add L#.N#"
          aria-label="Add a neuron, such as L3.N652"
          autocomplete="off"
          spellcheck="false"
          aria-invalid=${this.fault === '' ? nothing : 'true'}
        />
      </form>
      ${
        this.canDiffer
          ? html`<button type="button" class="link" @click=${() => this.wish({ type: 'addMostDifferent' })}>
              Add the most different
            </button>`
          : nothing
      }
      ${this.fault === '' ? nothing : html`<span role="alert">${this.fault}</span>`}
    </div>`;
  }

  private chip(neuron: string): TemplateResult {
    const chosen = neuron === this.colouring;
    return html`<span class="neuron-chip" role="presentation"
      ><button
        type="button"
        role="radio"
        aria-checked=${chosen}
        aria-keyshortcuts="Delete"
        tabindex=${chosen ? 0 : -1}
        title=${inOneLine(this.meanings?.[neuron] ?? '') || nothing}
        @click=${() => this.wish({ type: 'choose', neuron })}
      >
        ${neuron}</button
      ><button
        type="button"
        class="remove"
        tabindex="-1"
        title="Remove ${neuron} (Delete)"
        aria-label="Remove ${neuron}"
        @click=${() => this.wish({ type: 'remove', neuron })}
      >
        ${icon('close')}
      </button></span
    >`;
  }

  private wish(detail: ChipWish): void {
    this.dispatchEvent(new CustomEvent<ChipWish>('chip-wish', { detail }));
  }

  private readonly add = (event: SubmitEvent): void => {
    event.preventDefault();
    const field = this.querySelector('input')!;
    const address = parseNeuron(field.value);
    this.fault = address ? '' : `“${field.value}” is no neuron, such as L3.N652.`;
    if (!address) return;
    field.value = '';
    this.wish({ type: 'add', neuron: formatNeuron(address) });
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const neuron = this.neurons[this.neurons.indexOf(this.colouring ?? '') + (step ?? 0)];
    if (event.key === 'Delete' && this.colouring !== null) {
      this.wish({ type: 'remove', neuron: this.colouring });
    } else if (step === undefined || neuron === undefined) return;
    else {
      this.wish({ type: 'choose', neuron });
      void this.updateComplete.then(() =>
        this.querySelector<HTMLElement>('[role=radio][aria-checked=true]')?.focus(),
      );
    }
    event.preventDefault();
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'neuron-chips': NeuronChips;
  }
}
