import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { PromptToken } from '../../src/protocol/ablationQuestionSchema';
import {
  FIRST_CORPUS,
  type CorpusState,
  type SteerSetup,
  type SteerState,
  type SteerSubject,
  type Strength,
} from '../../src/protocol/pages/steer';
import { LightElement } from '../common/lightElement';
import type { PageElement } from '../common/startPage';
import { note } from '../common/widgets';
import { AblationRunner, type SteerCalls } from './ablationRunner';
import './corpus/corpusAblation';
import { results } from './results/results';
import { FIRST_SETUP, questionOf, withoutProfile } from './setup/question';
import { setupForm } from './setup/setupForm';
import { steerHeader } from './steerHeader';

/** The tokens of a prompt are asked for when nothing was typed for so long, in milliseconds. */
const PAUSE = 250;

/** Does the model use these neurons: they are changed on a prompt, and what its output makes of that is shown. */
@customElement('steer-page')
export class SteerPageElement extends LightElement implements PageElement<SteerSubject> {
  @property({ attribute: false }) shown!: SteerSubject;
  @property({ attribute: false }) pinned: readonly string[] = [];
  @property() language = '';
  /** What was kept over a reload; null of a page that is opened anew. */
  kept: SteerState | null = null;
  calls!: SteerCalls;
  @state() private setup = FIRST_SETUP;
  @state() private corpus = FIRST_CORPUS;
  @state() private tokens: readonly PromptToken[] | null = null;
  @state() private strengths: readonly Strength[] = [];
  private readonly runner = new AblationRunner(this, () => this.remember());
  private timer: number | undefined;
  /** Asked by the newest prompt and neurons; answers to earlier ones are of no use. */
  private asking = new AbortController();

  /** What is kept over a reload of the window. */
  get state(): SteerState {
    return this.stateOf(this.shown);
  }

  /** Runs what is set up, or says what is amiss with it. */
  run(): void {
    const question = questionOf(this.setup, this.shown);
    if ('refusal' in question) this.runner.refuse(question.refusal);
    else void this.runner.start(this.calls, this.setup, question);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.clearTimeout(this.timer);
    this.asking.abort();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('shown')) this.begin(changed.get('shown'));
  }

  protected override render(): TemplateResult {
    const { setup, runner } = this;
    return html`<div class="page">
      ${steerHeader(this.shown, runner.run)}
      ${setupForm({
        ...{
          setup,
          subject: this.shown,
          pinned: this.pinned,
          tokens: this.tokens,
          strengths: this.strengths,
        },
        running: runner.stage !== null,
        change: (part) => this.change(part),
        run: () => this.run(),
        stop: () => runner.stop(),
      })}
      ${runner.failure === null ? nothing : note('error', html`${runner.failure}`)}
      ${runner.stage === 'measuring' ? html`<p class="under-way" role="status">Running…</p>` : nothing}
      ${results({
        ...{ setup, run: runner.run },
        written: runner.stage === 'writing' ? runner.written : null,
        change: (part) => this.change(part),
        useMany: (controls) => {
          this.change({ controls: String(controls) });
          this.run();
        },
      })}
      ${this.corpusPart()}
    </div>`;
  }

  /** Where there is a profile, whose texts can be run, and a next token that these have a loss by. */
  private corpusPart(): TemplateResult | typeof nothing {
    const { shown, runner } = this;
    const output = runner.run?.answer.output ?? 'next';
    if (!shown.profile || output !== 'next') return nothing;
    return html`<corpus-ablation
      .setup=${this.setup}
      .subject=${shown}
      .kept=${this.corpus}
      .calls=${this.calls}
      @corpus-changed=${({ detail }: CustomEvent<CorpusState>) => {
        this.corpus = detail;
        this.remember();
      }}
    ></corpus-ablation>`;
  }

  /** Takes up what the page was opened for: over a reload what was kept, else the prompt and the neurons that are named. */
  private begin(before: SteerSubject | undefined): void {
    const { asked, prompt, neurons, profile, model } = this.shown;
    const { kept } = this;
    const known = before ? this.stateOf(before) : kept;
    const isRestored = known?.asked === asked;
    const setup = known?.setup ?? FIRST_SETUP;
    const opened: SteerSetup = isRestored
      ? setup
      : {
          ...setup,
          ...(prompt !== null && { prompt, chosen: [] }),
          ...(neurons.length > 0 && { neurons }),
        };
    const isSameModel = known?.profile === (profile?.id ?? null) && sameModel(known.model, model);
    this.runner.run = isSameModel ? (known.run ?? null) : null;
    this.corpus = known
      ? { ...known.corpus, ...(!isSameModel && { concept: null, run: null }) }
      : FIRST_CORPUS;
    this.setup = profile ? opened : withoutProfile(opened);
    this.ask();
    if (!isRestored && prompt !== null && this.setup.neurons.length > 0) this.run();
  }

  private stateOf({ asked, profile, model }: SteerSubject): SteerState {
    const { setup, corpus, runner } = this;
    return { asked, model, profile: profile?.id ?? null, setup, run: runner.run, corpus };
  }

  private change(part: Partial<SteerSetup>): void {
    this.setup = { ...this.setup, ...part };
    this.remember();
    if (part.prompt !== undefined) this.tokens = null;
    if (part.prompt !== undefined || part.neurons || part.place) {
      window.clearTimeout(this.timer);
      this.timer = window.setTimeout(() => this.ask(), part.prompt === undefined ? 0 : PAUSE);
    }
  }

  private remember(): void {
    this.dispatchEvent(new CustomEvent('state-changed'));
  }

  /** Asks for what the form shows beside what was typed: tokens where they are chosen, and the neurons' own sizes. */
  private ask(): void {
    this.asking.abort();
    const { signal } = (this.asking = new AbortController());
    const { neurons, place, prompt } = this.setup;
    // Where these cannot be had the form goes without them: a run says why.
    const ignored = (): void => undefined;
    if (this.shown.profile && neurons.length > 0) {
      this.calls
        .strengths({ neurons }, { signal })
        .then((strengths) => (this.strengths = signal.aborted ? this.strengths : strengths), ignored);
    } else this.strengths = [];
    if (place === 'chosen' && prompt !== '' && this.tokens === null) {
      this.calls
        .tokens({ text: prompt }, { signal })
        .then((tokens) => (this.tokens = signal.aborted ? this.tokens : tokens), ignored);
    }
  }
}

function sameModel(one: SteerSubject['model'], other: SteerSubject['model']): boolean {
  return one.model === other.model && one.dtype === other.dtype;
}

declare global {
  interface HTMLElementTagNameMap {
    'steer-page': SteerPageElement;
  }
}
