import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { SteerSubject } from '../../../src/protocol/pages/steer';
import { LightElement } from '../../common/lightElement';
import { request } from '../../common/wishes';
import { iconButton } from '../../common/widgets';
import { addressOf } from './question';

/** The chosen neurons, each removable, and a field that takes another by its address. */
@customElement('changed-neurons')
export class ChangedNeurons extends LightElement {
  @property({ attribute: false }) neurons: readonly string[] = [];
  @property({ attribute: false }) pinned: readonly string[] = [];
  @property({ attribute: false }) background: Pick<SteerSubject, 'profile' | 'layers'> = {
    profile: null,
    layers: null,
  };
  @state() private refusal: string | null = null;

  protected override render(): TemplateResult {
    const others = this.pinned.filter((id) => !this.neurons.includes(id));
    return html`<div class="chips">
        ${this.neurons.map((id) => this.chip(id))}
        <input
          class="field address"
          type="text"
          placeholder="Add L#.N#"
          aria-label="Add a neuron by its address"
          aria-invalid=${this.refusal !== null}
          aria-describedby=${this.refusal === null ? nothing : 'address-refusal'}
          spellcheck="false"
          autocomplete="off"
          @keydown=${this.onKey}
          @change=${(event: Event) => this.add(event.currentTarget as HTMLInputElement)}
        />
        ${
          others.length > 0
            ? html`<button
                type="button"
                class="link"
                @click=${() => this.choose([...this.neurons, ...others])}
              >
                Add all pinned
              </button>`
            : nothing
        }
      </div>
      ${
        this.refusal === null
          ? nothing
          : html`<p class="refusal" id="address-refusal" role="alert">${this.refusal}</p>`
      }`;
  }

  private chip(id: string): TemplateResult {
    const open = (event: Event): void => {
      event.preventDefault();
      request(this, { type: 'openNeuron', neuron: id });
    };
    return html`<span class="neuron-chip"
      >${
        this.background.profile
          ? html`<a class="neuron-link" href="#" @click=${open}>${id}</a>`
          : html`<span class="neuron-link">${id}</span>`
      }${iconButton('close', `Remove ${id}`, () => this.choose(this.neurons.filter((other) => other !== id)))}</span
    >`;
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.add(event.currentTarget as HTMLInputElement);
  };

  private add(field: HTMLInputElement): void {
    if (field.value.trim() === '') {
      this.refusal = null;
      return;
    }
    const found = addressOf(field.value, this.background);
    if ('refusal' in found) {
      this.refusal = found.refusal;
      return;
    }
    field.value = '';
    this.refusal = null;
    if (!this.neurons.includes(found.id)) this.choose([...this.neurons, found.id]);
  }

  private choose(neurons: readonly string[]): void {
    this.dispatchEvent(new CustomEvent<readonly string[]>('neurons-chosen', { detail: neurons }));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'changed-neurons': ChangedNeurons;
  }
}
