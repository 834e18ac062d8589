import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { unlikeTokens } from '../../src/core/cause/promptAlignment';
import type { ComparedPrompt } from '../../src/core/cause/promptsAnswer';
import { formatCount } from '../../src/core/common/numberFormat';
import { toLensError, type LensError } from '../../src/core/common/errors';
import type { CommonRequests } from '../../src/protocol/pages/page';
import {
  MOST_PROMPTS,
  type PromptRequests,
  type PromptState,
  type ShownComparison,
  type ShownPrompts,
} from '../../src/protocol/pages/prompt';
import type { Calls } from '../../src/protocol/rpc';
import { legend } from '../common/legend';
import { LightElement } from '../common/lightElement';
import type { PageElement } from '../common/startPage';
import { pairedKeys } from '../common/tokenShifts';
import { caution, iconButton, note, section } from '../common/widgets';
import { request, type Wish } from '../common/wishes';
import './attribution/attributionSection';
import type { AttributionSection } from './attribution/attributionSection';
import { promptHeader } from './header';
import './neuronChips';
import type { ChipWish } from './neuronChips';
import './nextTokenTable';
import { patchSection } from './patchSection';
import './promptEditor';
import type { PromptColours, PromptEditor } from './promptEditor';
import { promptName } from './promptNames';
import { QuietAsker } from './quietAsker';
import { valueTable } from './valueTable';

/** What the reader set up, as it is kept over a reload of the window. */
export type PromptSettings = Pick<PromptState, 'prompts' | 'neurons' | 'colouring' | 'patch' | 'question'>;

type Asked = Pick<PromptSettings, 'prompts' | 'neurons' | 'patch'>;

/** What was asked, and what came of it. */
interface Answered {
  readonly asked: Asked;
  readonly comparison: ShownComparison;
}

/** Prompts side by side, asked anew after every edit, and what wrote their next tokens. What was answered stays until then. */
@customElement('prompt-page')
export class PromptPageElement extends LightElement implements PageElement<ShownPrompts> {
  @property({ attribute: false }) shown!: ShownPrompts;
  @property({ attribute: false }) pinned: readonly string[] = [];
  @property() language = '';
  @property({ attribute: false }) settings!: PromptSettings;
  @property({ attribute: false }) host!: Calls<CommonRequests & PromptRequests>;
  @state() private answered: Answered | null = null;
  @state() private fault: string | null = null;
  @state() private isBusy = false;
  @query('attribution-section') private readonly attribution!: AttributionSection | null;
  private readonly asker = new QuietAsker<Asked, ShownComparison>(
    (asked, signal) => this.host.compare(asked, { signal }),
    {
      answered: (asked, comparison) => {
        this.answered = { asked, comparison };
        this.fault = null;
      },
      failed: (_, error) => this.fail(error),
      busy: (isBusy) => (this.isBusy = isBusy),
    },
  );

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.asker.stop();
  }

  /** Checks what wrote the token by ablation. */
  check(): void {
    this.attribution?.check();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('shown')) this.asker.now(this.settings);
  }

  protected override render(): TemplateResult {
    const { settings, answered, fault } = this;
    const { prompts } = settings;
    const comparison = answered?.comparison ?? null;
    const add = prompts.length < MOST_PROMPTS ? () => this.addPrompt() : null;
    return html`<div class="page" aria-busy=${this.isBusy}>
      ${promptHeader(this.shown, comparison, add, this.ablation(), [
        { label: 'Everything as JSON', run: () => this.save() },
      ])}
      ${fault === null ? nothing : note('error', html`${fault}`)}
      <div class="tools">
        <neuron-chips
          .neurons=${settings.neurons}
          .colouring=${settings.colouring}
          .meanings=${comparison?.meanings ?? null}
          .canDiffer=${prompts.length > 1}
          @chip-wish=${(event: CustomEvent<ChipWish>) => this.onChip(event.detail)}
        ></neuron-chips>
        <span class="grow"></span>
        ${settings.colouring === null ? nothing : legend(this.rangeOf(settings.colouring))}
      </div>
      <div class="prompts">${prompts.map((text, at) => this.prompt(text, at))}</div>
      ${answered ? this.output(answered) : nothing}
      <footer class="footer" aria-label="Limits of this page">
        <div class="cautions">
          ${caution('symbol-ruler', 'One prompt:', 'another sentence can use other neurons.')}
          ${caution('layers', 'Later layers repair:', 'an ablation is a lower bound.')}
        </div>
      </footer>
    </div>`;
  }

  /** The prompts with what was answered of them, numbers in full. */
  private save(): void {
    const { asked, comparison } = this.answered ?? {};
    const { model } = this.shown;
    const content = JSON.stringify(
      { model, ...asked, answer: comparison?.answer ?? null, attribution: this.attribution?.answer ?? null },
      null,
      2,
    );
    request(this, { type: 'saveFile', suggestedName: 'prompts.json', encoding: 'utf-8', content });
  }

  /** Of the neuron that colours, on the prompt that is asked about: means and quantiles are the profile's. */
  private ablation(): Wish | null {
    const { colouring, prompts, question } = this.settings;
    if (colouring === null || this.shown.profile === null) return null;
    return { type: 'openAblation', neuron: colouring, text: prompts[question.prompt] ?? null };
  }

  private prompt(text: string, at: number): TemplateResult {
    const name = promptName(at);
    const { asked, comparison } = this.answered ?? {};
    const answer = comparison?.answer.prompts[at];
    const { settings } = this;
    const known = asked?.neurons ?? [];
    return html`<div class="prompt" role="group" aria-label="Prompt ${name}">
      <div class="prompt-head">
        <b>${name}</b>
        <span class="dim">${answer ? tokensWords(answer) : ''}</span>
        <span class="grow"></span>
        ${iconButton('copy', `Copy prompt ${name}`, () => void this.host.copyText({ text, what: `prompt ${name}` }))}
        ${
          settings.prompts.length > 1
            ? iconButton('close', `Remove prompt ${name}`, () => this.removePrompt(at))
            : nothing
        }
      </div>
      <prompt-editor
        .name=${name}
        .text=${text}
        .colours=${this.coloursOf(at)}
        @prompt-edited=${(event: CustomEvent<string>) => this.edit(at, event.detail)}
        @other-prompt=${(event: CustomEvent<number>) => this.focusPrompt(at + event.detail)}
      ></prompt-editor>
      ${answer?.reason == null ? nothing : html`<p class="remark">${text === '' ? 'Write something here.' : answer.reason}</p>`}
      ${
        answer && answer.tokens.length > 0 && known.length > 0
          ? valueTable(name, asked?.prompts[at] ?? '', answer, known, {
              ranges: known.map((neuron) => this.rangeOf(neuron)),
              colouring: settings.colouring,
              choose: (colouring) => this.change({ colouring }),
            })
          : nothing
      }
    </div>`;
  }

  private output({ asked, comparison }: Answered): TemplateResult {
    const { answer, seconds } = comparison;
    const { settings } = this;
    const patch = html`<div class="column">
      ${patchSection(answer, settings.patch, (chosen) => this.change({ patch: chosen }, true))}
      ${answer.notices.map((notice) => html`<p class="remark">${notice}</p>`)}
    </div>`;
    if (answer.output === 'hidden' || answer.output === null) {
      const reason =
        answer.output === 'hidden'
          ? 'This model has no output head: what comes next, and what wrote it, are not among what it computes.'
          : 'None of the prompts has an output yet.';
      return html`<div class="columns">
        <div class="column">${note('info', html`${reason}`)}</div>
        ${answer.output === 'hidden' ? patch : nothing}
      </div>`;
    }
    const keys = answer.prompts.length === 2 ? pairedKeys('A', 'B') : nothing;
    return html`<div class="columns">
        <div class="column">
          ${section(
            OUTPUT_TITLES[answer.output],
            keys,
            html`<next-token-table
              .answer=${answer}
              .patched=${answer.patch ? (asked.patch?.to ?? null) : null}
            ></next-token-table>`,
          )}
        </div>
        ${answer.prompts.length > 1 ? patch : nothing}
      </div>
      ${
        answer.output === 'next'
          ? html`<attribution-section
              .texts=${asked.prompts}
              .next=${answer.next}
              .question=${settings.question}
              .secondsEach=${seconds / asked.prompts.length}
              .isLinked=${this.shown.profile !== null}
              .ask=${this.askAttribution}
              @question-chosen=${(event: CustomEvent<PromptState['question']>) =>
                this.change({ question: event.detail })}
            ></attribution-section>`
          : nothing
      }`;
  }

  private readonly askAttribution: AttributionSection['ask'] = (asked, signal) =>
    this.host.attribute(asked, { signal });

  private coloursOf(at: number): PromptColours | null {
    const { asked, comparison } = this.answered ?? {};
    const answer = comparison?.answer.prompts[at];
    if (!asked || !comparison || !answer) return null;
    const row = asked.neurons.indexOf(this.settings.colouring ?? '');
    const other = comparison.answer.prompts[at === 0 ? 1 : 0];
    const ids = ({ tokens }: ComparedPrompt): number[] => tokens.map(({ id }) => id);
    return {
      text: asked.prompts[at] ?? '',
      tokens: answer.tokens,
      values: answer.values[row] ?? [],
      unlike: other && other.tokens.length > 0 ? unlikeTokens(ids(answer), ids(other)) : [],
      range: this.rangeOf(this.settings.colouring ?? ''),
    };
  }

  /** Of the profile, or without one the largest value on any of the prompts. */
  private rangeOf(neuron: string): number {
    const { asked, comparison } = this.answered ?? {};
    const row = asked?.neurons.indexOf(neuron) ?? -1;
    const values = comparison?.answer.prompts.flatMap((prompt) => prompt.values[row] ?? []) ?? [];
    return comparison?.ranges[row] ?? values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  }

  /** What was answered stays, but for a patch in a model that is not what its file is. */
  private fail({ code, message }: LensError): void {
    this.fault = message;
    if (code !== 'identity-failed' || !this.answered) return;
    const { asked, comparison } = this.answered;
    const answer = { ...comparison.answer, patch: null };
    this.answered = { asked, comparison: { ...comparison, answer } };
  }

  private edit(at: number, text: string): void {
    const prompts = this.settings.prompts.map((old, other) => (other === at ? text : old));
    this.change({ prompts }, false);
    this.asker.later(this.settings);
  }

  /** A new prompt begins as the last one, so that what is changed in it is all that differs. */
  private addPrompt(): void {
    const { prompts } = this.settings;
    this.change({ prompts: [...prompts, prompts.at(-1) ?? ''] }, true);
    void this.updateComplete.then(() => this.focusPrompt(prompts.length));
  }

  private removePrompt(at: number): void {
    const { prompts, question } = this.settings;
    const left = prompts.filter((_, other) => other !== at);
    const prompt = Math.max(0, Math.min(question.prompt - Number(question.prompt > at), left.length - 1));
    // Answers go by the places of prompts.
    this.answered = null;
    this.change({ prompts: left, patch: null, question: { ...question, prompt } }, true);
    void this.updateComplete.then(() => this.focusPrompt(Math.min(at, left.length - 1)));
  }

  private focusPrompt(at: number): void {
    this.querySelectorAll<PromptEditor>('prompt-editor')[at]?.focus();
  }

  private onChip(wish: ChipWish): void {
    const { neurons, colouring } = this.settings;
    switch (wish.type) {
      case 'choose':
        this.change({ colouring: wish.neuron });
        break;
      case 'add':
        this.addNeuron(wish.neuron);
        break;
      case 'remove': {
        const at = neurons.indexOf(wish.neuron);
        const left = neurons.filter((neuron) => neuron !== wish.neuron);
        const next = colouring === wish.neuron ? (left[Math.min(at, left.length - 1)] ?? null) : colouring;
        this.change({ neurons: left, colouring: next }, true);
        break;
      }
      case 'addMostDifferent':
        void this.addMostDifferent();
    }
  }

  private addNeuron(neuron: string): void {
    const { neurons } = this.settings;
    this.change({ neurons: [...new Set([...neurons, neuron])], colouring: neuron }, true);
  }

  private async addMostDifferent(): Promise<void> {
    const { prompts, neurons } = this.settings;
    this.isBusy = true;
    try {
      const { neuron } = await this.host.mostDifferent({
        ...{ from: prompts[0] ?? '', to: prompts[1] ?? '' },
        without: neurons,
      });
      this.addNeuron(neuron);
    } catch (thrown) {
      this.fail(toLensError(thrown));
    } finally {
      this.isBusy = false;
    }
  }

  /** @param asks whether there is something new to be asked at once */
  private change(settings: Partial<PromptSettings>, asks = false): void {
    this.settings = { ...this.settings, ...settings };
    this.dispatchEvent(new CustomEvent('settings-changed'));
    if (asks) this.asker.now(this.settings);
  }
}

const OUTPUT_TITLES = { next: 'Next token', mask: 'Token at the mask', classes: 'Classes' };

function tokensWords({ tokens, tokensLeftOut }: ComparedPrompt): string {
  const used = formatCount(tokens.length);
  if (tokensLeftOut === 0) return `${used} ${tokens.length === 1 ? 'token' : 'tokens'}`;
  return `The first ${used} of ${formatCount(tokens.length + tokensLeftOut)} tokens are used.`;
}

declare global {
  interface HTMLElementTagNameMap {
    'prompt-page': PromptPageElement;
  }
}
