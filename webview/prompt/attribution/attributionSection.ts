import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { guard } from 'lit/directives/guard.js';
import { checkedRuns, type AttributionAnswer } from '../../../src/core/cause/attributionAnswer';
import type { NextToken } from '../../../src/core/cause/promptsAnswer';
import { formatCount, formatDifference, formatValue } from '../../../src/core/common/numberFormat';
import { medianOf } from '../../../src/core/common/median';
import type { PromptState, ShownAttribution } from '../../../src/protocol/pages/prompt';
import { segments } from '../../common/choices';
import { LightElement } from '../../common/lightElement';
import { tokenChip } from '../../common/tokenText';
import { note, section } from '../../common/widgets';
import { request } from '../../common/wishes';
import { promptName } from '../promptNames';
import { QuietAsker } from '../quietAsker';
import { jointFigure, layersFigure, trustFigure } from './figures';
import './shareTable';
import './tokenChoice';

type Question = PromptState['question'];

/** What is asked of the host. */
export interface AskedAttribution {
  readonly text: string;
  readonly token: string | null;
  readonly against: string | null;
  readonly check: boolean;
}

/** Neurons that are listed and checked. */
const LISTED = 50;
/** Of these, the ones that are pinned together. */
const PINNED = 8;
/** Of the joint ablations, the one that is told in words. */
const TOLD = 32;

/** What wrote the next token of one of the prompts: asked anew whenever its text or the question changes. */
@customElement('attribution-section')
export class AttributionSection extends LightElement {
  /** The prompts as they were answered. */
  @property({ attribute: false }) texts: readonly string[] = [];
  @property({ attribute: false }) next: readonly NextToken[] = [];
  @property({ attribute: false }) question: Question = { prompt: 0, token: null, against: null };
  /** Time that one prompt takes, in seconds. */
  @property({ type: Number }) secondsEach = 0;
  @property({ type: Boolean }) isLinked = false;
  @property({ attribute: false }) ask!: (
    asked: AskedAttribution,
    signal: AbortSignal,
  ) => Promise<ShownAttribution>;
  @state() private shown: ShownAttribution | null = null;
  @state() private fault: string | null = null;
  @state() private isBusy = false;
  private readonly asker = new QuietAsker<AskedAttribution, ShownAttribution>(
    (asked, signal) => this.ask(asked, signal),
    {
      answered: (_, shown) => {
        this.shown = shown;
        this.fault = null;
      },
      failed: (_, { message }) => {
        this.shown = null;
        this.fault = message;
      },
      busy: (isBusy) => (this.isBusy = isBusy),
    },
  );

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.asker.stop();
  }

  /** What is told of the token; null before it is known. */
  get answer(): AttributionAnswer | null {
    return this.shown?.answer ?? null;
  }

  /** Checks the largest shares by ablation. */
  check(): void {
    const asked = this.asked(true);
    if (asked) this.asker.now(asked);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('texts')?.[changed.get('question')?.prompt ?? this.question.prompt];
    const text = this.texts[this.question.prompt];
    if (!changed.has('question') && !(changed.has('texts') && before !== text)) return;
    const asked = this.asked(false);
    if (asked) this.asker.now(asked);
  }

  protected override render(): TemplateResult {
    const { shown, fault } = this;
    const answer = shown?.answer;
    return html`<section class="section" aria-label="What wrote this token" aria-busy=${this.isBusy}>
      <div class="section-head">
        <h2>What wrote this token</h2>
        ${answer ? html`${tokenChip(answer.token.text)}${against(answer)}` : nothing}
        <span class="dim">after ${tail(this.texts[this.question.prompt] ?? '')}</span>
      </div>
      ${this.tools()} ${fault === null ? nothing : note('warning', html`${fault}`, 'info')}
      ${guard([shown], () => (answer ? this.parts(answer) : nothing))}
    </section>`;
  }

  private tools(): TemplateResult {
    const { question } = this;
    const runs = checkedRuns(LISTED);
    const checked = this.shown?.answer.neurons.filter(({ ablated }) => ablated !== null).length ?? 0;
    return html`<div class="tools">
      ${
        this.texts.length > 1
          ? segments(
              'Prompt',
              this.texts.map((_, at) => ({ value: String(at), label: `Prompt ${promptName(at)}` })),
              String(question.prompt),
              (prompt) => this.choose({ prompt: Number(prompt), token: null, against: null }),
            )
          : nothing
      }
      <token-choice
        label="Token"
        none="the likeliest"
        .offered=${this.next}
        .prompt=${question.prompt}
        .token=${question.token}
        @token-chosen=${(event: CustomEvent<string | null>) => this.choose({ ...question, token: event.detail })}
      ></token-choice>
      <token-choice
        label="against"
        none="nothing"
        .offered=${this.next}
        .prompt=${question.prompt}
        .token=${question.against}
        @token-chosen=${(event: CustomEvent<string | null>) => this.choose({ ...question, against: event.detail })}
      ></token-choice>
      <span class="grow"></span>
      <button type="button" class="button" ?disabled=${!this.shown} @click=${() => this.check()}>
        Check by ablation
      </button>
      <span class="dim"
        >${
          checked > 0
            ? `${checked} checked in ${formatValue(this.shown!.seconds)} s`
            : `${formatCount(runs)} runs of this prompt, about ${formatValue(Number((runs * this.secondsEach).toPrecision(1)))} s`
        }</span
      >
    </div>`;
  }

  private parts(answer: AttributionAnswer): TemplateResult {
    return html`<p class="lead">${sentence(answer)}</p>
      ${answer.notices.map((notice) => html`<p class="remark">${notice}</p>`)}
      <div class="columns attribution">
        <div class="column">
          ${section(
            'Neurons',
            html`<span class="dim">by direct contribution, at the last token</span>`,
            html`<share-table
              .neurons=${answer.neurons}
              .meanings=${this.shown?.meanings ?? null}
              .isLinked=${this.isLinked}
            ></share-table>`,
            html`<p class="remark">
              Direct: what the neuron’s output adds to this logit, with the norm as it scales here; later
              layers can undo or amplify it. Ablated: how far the logit falls when the neuron is 0 at the last
              token. Where the two differ, believe the second.
            </p>`,
          )}
          ${jointFigure(answer)} ${this.isLinked && answer.joint.length > 0 ? this.pinning(answer) : nothing}
        </div>
        <div class="column">${layersFigure(answer)} ${trustFigure(answer)}</div>
      </div>`;
  }

  private pinning({ neurons }: AttributionAnswer): TemplateResult {
    const first = neurons.slice(0, PINNED);
    const pin = (): void => {
      for (const { id } of first) request(this, { type: 'pin', neuron: id, pinned: true });
    };
    return html`<p class="remark">
      <button type="button" class="link" @click=${pin}>Pin the first ${first.length}</button>
    </p>`;
  }

  private asked(check: boolean): AskedAttribution | null {
    const { prompt, token, against } = this.question;
    const text = this.texts[prompt];
    return text === undefined || text === '' ? null : { text, token, against, check };
  }

  private choose(question: Question): void {
    this.dispatchEvent(new CustomEvent<Question>('question-chosen', { detail: question }));
  }
}

function against({ against: other }: AttributionAnswer): TemplateResult | typeof nothing {
  return other ? html`<span class="dim">against</span> ${tokenChip(other.text)}` : nothing;
}

/** The last words of a prompt. */
function tail(text: string): string {
  const words = text.trim().split(/\s+/);
  return `“${words.length > 3 ? '… ' : ''}${words.slice(-3).join(' ').slice(-60)}”`;
}

function sentence(answer: AttributionAnswer): TemplateResult {
  const { logit, ffn, attention, embedding, bias, joint, against: other } = answer;
  const total = (shares: readonly number[]): string =>
    formatDifference(
      shares.reduce((sum, share) => sum + share, 0),
      2,
    );
  const told = joint.find(({ k }) => k === TOLD) ?? joint.at(-1);
  return html`Its logit${other ? ', less that of the other,' : ''} is
    <b>${formatDifference(logit, 2).replace('+', '')}</b>. The FFNs add <b>${total(ffn)}</b>, attention
    <b>${total(attention)}</b>, the embedding
    <b>${total([embedding])}</b>${bias === 0 ? '' : html`, biases <b>${total([bias])}</b>`}.
    ${
      told
        ? html`The first ${told.k} neurons, switched off together, take
            <b>${total([told.chosen]).replace('+', '')}</b> away; ${told.k} others of like size take
            ${total([medianOf(told.random)]).replace('+', '')}.`
        : nothing
    }`;
}

declare global {
  interface HTMLElementTagNameMap {
    'attribution-section': AttributionSection;
  }
}
