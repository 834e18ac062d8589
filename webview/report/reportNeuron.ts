import { html, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { NeuronPage } from '../../src/core/profile/neuronPage';
import type { NeuronMessage } from '../../src/protocol/webview';
import { LightElement } from '../common/lightElement';
import '../neuron/neuronPage';

/** How far outside the window a neuron's page is drawn already. */
const AHEAD = '1500px';

/** One neuron of a report, drawn when it comes near the window or when the report is printed. */
@customElement('report-neuron')
export class ReportNeuron extends LightElement {
  @property({ attribute: false }) page!: NeuronPage;
  @property() profile = '';
  @state() private near = false;
  private observer: IntersectionObserver | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) this.draw();
      },
      { rootMargin: AHEAD },
    );
    this.observer.observe(this);
    window.addEventListener('beforeprint', this.draw);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.observer?.disconnect();
    window.removeEventListener('beforeprint', this.draw);
  }

  protected override render(): TemplateResult {
    if (!this.near) return html`<div class="report-placeholder"></div>`;
    return html`<neuron-page .message=${this.message()} .withHost=${false}></neuron-page>`;
  }

  private message(): NeuronMessage {
    return {
      v: 1,
      type: 'neuron',
      profile: { id: this.profile, name: this.profile },
      page: this.page,
      seenShare: null,
      changedFiles: [],
      missingFiles: [],
      pinned: false,
      canResume: false,
      preferences: { language: navigator.language, singleKeyShortcuts: false },
    };
  }

  private readonly draw = (): void => {
    this.near = true;
    this.observer?.disconnect();
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'report-neuron': ReportNeuron;
  }
}
