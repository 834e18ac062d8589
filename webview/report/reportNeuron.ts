import { html, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { NamedNeuronPage } from '../../src/core/concepts/neuronMeaning';
import type { ShownNeuron } from '../../src/protocol/pages/neuron';
import { LightElement } from '../common/lightElement';
import { allExamples } from '../neuron/examples/exampleLists';
import { examplesInPage } from '../neuron/examples/exampleSource';
import '../neuron/neuronPage';

/** How far outside the window a neuron's page is drawn already. */
const AHEAD = '1500px';

/** One neuron of a report, drawn when it comes near the window or when the report is printed. */
@customElement('report-neuron')
export class ReportNeuron extends LightElement {
  @property({ attribute: false }) page!: NamedNeuronPage;
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
    const source = examplesInPage(this.page);
    return html`<neuron-page .shown=${this.shown()} .sourceOf=${() => source}></neuron-page>`;
  }

  private shown(): ShownNeuron {
    const { examples, conceptTests, name, concepts, ...facts } = this.page;
    const { top, bottom, bands, random } = examples;
    return {
      profile: { id: this.profile, name: this.profile },
      facts,
      meaning: { conceptTests, name, concepts },
      stored: allExamples(examples).map(({ value }) => value),
      examples: { top: [...top], bottom: [...bottom], bands: [...bands], random: [...random] },
      seenShare: null,
      canResume: false,
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
