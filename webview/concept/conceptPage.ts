import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { formatDate } from '../../src/core/common/dateFormat';
import type { ShownEvidence } from '../../src/core/concepts/conceptReading';
import type { ConceptNeuron } from '../../src/core/concepts/conceptResults';
import type { Outcome } from '../../src/core/concepts/evidence';
import { placeOf } from '../../src/core/concepts/own/markPlaces';
import type { Example } from '../../src/core/profile/neuronPage';
import type { ConceptState, RunningTest, ShownConcept } from '../../src/protocol/pages/concept';
import { LightElement } from '../common/lightElement';
import { togglePin } from '../common/neuronRows';
import type { PageElement } from '../common/startPage';
import { caution, note, section } from '../common/widgets';
import { controlsTable } from './controls';
import { type ConceptCalls, EvidenceLoader } from './evidenceLoader';
import { classFigure, manyFigure, rocFigure } from './figures';
import { conceptHeader } from './header';
import { type NeuronOrder, rankedNeurons } from './neuronOrder';
import './neuronRanking';
import { outcomesSection } from './outcomes';
import { refusedNeeds, refusedOthers } from './refusal';
import { relatedConcepts } from './related';
import { summarySection } from './summary';
import { thresholdTable } from './thresholdTable';

/** What the reader set up, as it is kept over a reload of the window. */
type PageSettings = Omit<ConceptState, 'profile' | 'concept'>;

const FIRST_SETTINGS: PageSettings = { neuron: null, tab: 'hits', order: 'chosen' };

/** What the reader had set up before the window was reloaded: a neuron belongs to one concept only. */
export function restoredConcept(
  saved: ConceptState | null,
  { profile, concept }: ShownConcept,
): PageSettings {
  if (!saved) return FIRST_SETTINGS;
  const { neuron, tab, order } = saved;
  const same = saved.profile === profile.id && saved.concept === concept.name;
  return { neuron: same ? neuron : null, tab, order };
}

/** All that is known of one concept: its neurons, and what half B shows of the chosen one. */
@customElement('concept-page')
export class ConceptPageElement extends LightElement implements PageElement<ShownConcept> {
  @property({ attribute: false }) shown!: ShownConcept;
  @property({ attribute: false }) pinned: readonly string[] = [];
  @property() language = '';
  @property({ attribute: false }) settings: PageSettings = FIRST_SETTINGS;
  @property({ attribute: false }) host!: ConceptCalls;
  /** The test or control that is under way on the profile. */
  @property({ attribute: false }) running: RunningTest | null = null;
  private readonly loader = new EvidenceLoader(this);

  /** Pins the chosen neuron, or unpins it. */
  togglePin(): void {
    const chosen = this.chosen();
    if (chosen) togglePin(this, chosen.id, this.pinned);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('shown')) {
      const before = changed.get('shown')?.concept.name;
      const { name } = this.shown.concept;
      if (before !== undefined && before !== name) {
        this.settings = { ...this.settings, neuron: null };
        window.scrollTo(0, 0);
      }
      this.loader.begin((neuron) => this.host.evidence({ concept: name, neuron }));
    }
    const chosen = this.chosen();
    if (chosen) void this.loader.choose(chosen.id);
  }

  protected override render(): TemplateResult {
    const { shown, loader } = this;
    const { concept, run } = shown;
    const evidence = concept.refused === null ? loader.evidence : null;
    const row = concept.neurons.find(({ id }) => id === evidence?.id);
    const date = formatDate(run.created, this.language);
    return html`<div class="page">
      ${conceptHeader(shown, this.host, { date, evidence })} ${this.partialNote()}
      <div class="columns">
        <div class="column evidence">
          ${summarySection(shown)} ${concept.refused === null ? this.ranking() : refusedNeeds(concept)}
          ${evidence && row ? this.evidenceOf(evidence, row) : this.waiting()}
        </div>
        <div class="column numbers">
          ${
            evidence && row
              ? html`${rocFigure(evidence, row, run.halves.tokens.b - concept.positives.b)}
                ${thresholdTable(row, concept.sibling)}`
              : nothing
          }
          ${controlsTable(shown, this.running, this.host)}
          ${concept.many ? manyFigure(concept.many) : nothing} ${relatedConcepts(shown)}
          ${concept.refused === null ? nothing : refusedOthers(shown.refused)}
        </div>
      </div>
      <footer class="footer">
        <div class="cautions">
          ${caution('layers', 'Several meanings:', 'a neuron can go with other things too.')}
          ${caution('circuit-board', 'Distributed:', 'seldom one neuron alone.')}
          ${caution('files', 'This corpus only:', 'what it lacks cannot be tested.')}
          ${caution('eye', 'Observed, not causal:', 'the model may not use what is seen here.')}
        </div>
      </footer>
    </div>`;
  }

  private ranking(): TemplateResult {
    const { shown, settings, pinned } = this;
    return html`<neuron-ranking
      .shown=${shown}
      .rows=${rankedNeurons(shown.concept.neurons, settings.order)}
      .chosen=${this.chosen()?.id ?? ''}
      .order=${settings.order}
      .pinned=${pinned}
      @neuron-chosen=${(event: CustomEvent<string>) => this.change({ neuron: event.detail })}
      @order-chosen=${(event: CustomEvent<NeuronOrder>) => this.change({ order: event.detail })}
    ></neuron-ranking>`;
  }

  private evidenceOf(evidence: ShownEvidence, row: ConceptNeuron): TemplateResult {
    return html`${classFigure(evidence, row, this.shown.run.quantity)}
    ${outcomesSection(
      evidence,
      row,
      this.settings.tab,
      (tab: Outcome) => this.change({ tab }),
      (example) => this.tellWrong(example),
    )}`;
  }

  /** The next test is to know that a label is wrong: where the example's text is kept, with what stands around it. */
  private tellWrong({ file, record, start, end, context }: Example): void {
    const { settings, shown } = this;
    const text = { record, text: context.text, offsetBase: context.start };
    const place =
      context.text === ''
        ? { file, ...(record !== null && { record }), start, end }
        : placeOf(file, text, start - context.start, end - context.start);
    void this.host.wrongLabel({ concept: shown.concept.name, outcome: settings.tab, place });
  }

  private waiting(): TemplateResult | typeof nothing {
    const { concept } = this.shown;
    if (concept.refused !== null || concept.neurons.length === 0) return nothing;
    const { fault } = this.loader;
    return section(
      'Examples',
      nothing,
      fault === null
        ? html`<p class="dim" role="status">Reading …</p>`
        : note('error', html`The evidence of this neuron cannot be shown. ${fault}`),
    );
  }

  private partialNote(): TemplateResult | typeof nothing {
    if (!this.shown.partial) return nothing;
    return note(
      'warning',
      html`<b>The test was stopped.</b> The concepts that it had measured by then are kept.
        <button type="button" class="link" @click=${() => void this.host.testConcepts({})}>
          Test again
        </button>`,
    );
  }

  /** The neuron whose evidence is to be shown. */
  private chosen(): ConceptNeuron | undefined {
    const { neurons } = this.shown.concept;
    return neurons.find(({ id }) => id === this.settings.neuron) ?? neurons[0];
  }

  private change(changed: Partial<PageSettings>): void {
    this.settings = { ...this.settings, ...changed };
    this.dispatchEvent(new CustomEvent('settings-changed'));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'concept-page': ConceptPageElement;
  }
}
