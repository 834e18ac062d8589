import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import {
  FIRST_CORPUS,
  type CorpusBackground,
  type CorpusState,
  type SteerSetup,
  type SteerSubject,
} from '../../../src/protocol/pages/steer';
import { dropDown } from '../../common/choices';
import { LightElement } from '../../common/lightElement';
import { note, section } from '../../common/widgets';
import type { SteerCalls } from '../ablationRunner';
import { labelledNumber } from '../setup/setupForm';
import { corpusGroups } from './corpusGroups';
import { conceptToldApart, corpusQuestionOf, costWords } from './corpusQuestion';
import { CorpusRunner } from './corpusRunner';

/** What is set up on the page, over the texts of its profile in place of one prompt. Tells of what is to be kept. */
@customElement('corpus-ablation')
export class CorpusAblationElement extends LightElement {
  @property({ attribute: false }) setup!: SteerSetup;
  @property({ attribute: false }) subject!: SteerSubject;
  @property({ attribute: false }) kept: CorpusState = FIRST_CORPUS;
  @property({ attribute: false }) calls!: SteerCalls;
  @state() private background: CorpusBackground | null = null;
  private readonly runner = new CorpusRunner(this, (run) => this.keep({ run }));
  /** Asked for the newest neurons. */
  private asking = new AbortController();

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.asking.abort();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('setup')?.neurons;
    const areSameNeurons = before?.join() === this.setup.neurons.join();
    if (changed.has('subject')) this.runner.stop();
    if (changed.has('subject') || (changed.has('setup') && !areSameNeurons)) this.ask();
  }

  protected override render(): TemplateResult {
    const { background, kept, runner } = this;
    const { run } = kept;
    const asked = background && corpusQuestionOf(this.setup, this.subject, kept, background);
    const question = asked && !('refusal' in asked) ? asked : null;
    return section(
      'Over the corpus',
      nothing,
      html`<div class="run-line">
          ${labelledNumber('Tokens to run', kept.tokens, (tokens) => this.keep({ tokens }))}
          ${background && background.concepts.length > 0 ? this.conceptChoice(background) : nothing}
          <button type="button" class="button" ?disabled=${!background} @click=${() => this.run()}>
            Over the corpus…
          </button>
          ${
            runner.progress
              ? html`<button type="button" class="button secondary" @click=${() => runner.stop()}>
                  Stop the corpus run
                </button>`
              : nothing
          }
        </div>
        <p class="hint">
          ${question && background ? costWords(question, background) : nothing} The neurons are set at all
          tokens.
        </p>
        ${runner.failure === null ? nothing : note('error', html`${runner.failure}`)}
        ${runner.progress ? progressLine(runner.progress) : nothing}
        ${
          run && question && JSON.stringify(run.question) !== JSON.stringify(question)
            ? html`<p class="hint">What follows is of the last run: ${run.question.changes.join(', ')}.</p>`
            : nothing
        }
        ${run ? corpusGroups(run) : nothing}`,
    );
  }

  private conceptChoice(background: CorpusBackground): TemplateResult {
    const { concepts, own } = background;
    const choices = concepts.map((value, at) => ({ value, label: at < own ? `${value} (its name)` : value }));
    return html`<span class="labelled"
      >Concept
      ${dropDown(
        'Concept',
        [...choices, { value: '', label: 'None' }],
        conceptToldApart(this.kept, background) ?? '',
        (concept) => this.keep({ concept }),
      )}</span
    >`;
  }

  private run(): void {
    if (!this.background) return;
    const question = corpusQuestionOf(this.setup, this.subject, this.kept, this.background);
    if ('refusal' in question) this.runner.refuse(question.refusal);
    else void this.runner.start(this.calls, question);
  }

  private keep(part: Partial<CorpusState>): void {
    this.dispatchEvent(new CustomEvent('corpus-changed', { detail: { ...this.kept, ...part } }));
  }

  private ask(): void {
    this.asking.abort();
    const { signal } = (this.asking = new AbortController());
    this.calls.corpus({ neurons: this.setup.neurons }, { signal }).then(
      (background) => (this.background = signal.aborted ? this.background : background),
      // Without it nothing can be run here; why the profile cannot be read is said where its neurons are.
      () => undefined,
    );
  }
}

function progressLine({ done, total }: { readonly done: number; readonly total: number }): TemplateResult {
  return html`<p class="under-way">
    <span role="status">Running over the corpus…</span>
    ${
      total > 0
        ? html`<progress
              max=${total}
              .value=${done}
              aria-label="Windows of the corpus that are done"
            ></progress>
            ${done} of ${total} windows`
        : nothing
    }
  </p>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'corpus-ablation': CorpusAblationElement;
  }
}
