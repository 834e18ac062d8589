import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { EffectAnswer, PromotedTokens } from '../../../src/core/cause/effectAnswer';
import type { LensError } from '../../../src/core/common/errors';
import { formatRatio, formatValue } from '../../../src/core/common/numberFormat';
import type { ShownNeuron } from '../../../src/protocol/pages/neuron';
import { type Choice, segments } from '../../common/choices';
import { LightElement } from '../../common/lightElement';
import { tokenChip } from '../../common/tokenText';
import { asSentence, note, section } from '../../common/widgets';
import { request } from '../../common/wishes';
import type { NeuronCalls } from '../examples/exampleSource';
import { EffectLoader } from './effectLoader';
import {
  calibratedLayers,
  calibrationSentence,
  effectBars,
  effectCaption,
  shapeWords,
  type CalibratedLayer,
  type EffectBar,
  type EffectWay,
} from './effectView';

const WAYS: readonly Choice<EffectWay>[] = [
  { value: 'head', label: 'Own head' },
  { value: 'weights', label: 'Weights only' },
];

/** The tokens that the neuron promotes and suppresses. Nothing where its model has no head over a vocabulary. */
@customElement('effect-section')
export class EffectSection extends LightElement {
  @property({ attribute: false }) shown!: ShownNeuron;
  @property({ attribute: false }) host!: NeuronCalls;
  @property() way: EffectWay = 'head';
  private readonly loader = new EffectLoader(this);

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('shown')) this.ask();
  }

  protected override render(): TemplateResult | typeof nothing {
    const { answer, fault, waiting } = this.loader;
    if (!answer && !fault && !waiting) return nothing;
    return section(
      'Effect on the output',
      answer ? this.controls() : nothing,
      fault ? this.faultNote(fault) : nothing,
      answer ? this.effect(answer) : nothing,
      waiting && !answer ? placeholder() : nothing,
    );
  }

  /** With the text of the strongest example as far as the token that it is ranked by, where there is one. */
  private readonly openPrompts = (): void => {
    const { facts, examples } = this.shown;
    const top = examples.top?.[0];
    const text = top ? top.context.text.slice(0, top.end - top.context.start).trimStart() : '';
    request(this, { type: 'openPrompts', prompts: [text, text], neurons: [facts.neuron.id] });
  };

  private ask(): void {
    void this.loader.begin(this.host, this.shown.facts.neuron.id);
  }

  private controls(): TemplateResult {
    const choose = (way: EffectWay): void =>
      void this.dispatchEvent(new CustomEvent('way-chosen', { detail: way }));
    return segments('How the effect is computed', WAYS, this.way, choose);
  }

  private effect(answer: EffectAnswer): TemplateResult {
    const { way } = this;
    const tokens = way === 'head' ? answer.head : answer.weights;
    return html`${tokens ? tokenTables(tokens) : nothing}
      <div class="remark">
        ${tokens ? effectCaption(answer, way) : asSentence(`not shown, as ${answer.weightsReason ?? ''}`)}
        ${tokens ? copyButton(tokens) : nothing}
      </div>
      <div class="remark">${this.calibration(answer)}</div>
      <p class="remark">${this.links(answer.neuron)}</p>
      ${way === 'weights' ? html`<p class="remark">${shapeWords(answer)}</p>` : nothing}
      ${answer.notices.map((notice) => html`<p class="remark">${notice}</p>`)}`;
  }

  /** Where it can be tried. */
  private links(neuron: string): TemplateResult {
    const ablate = (event: Event): void =>
      request(event.currentTarget as Element, { type: 'openAblation', neuron, text: null });
    return html`<button type="button" class="link" @click=${ablate}>Ablate</button> ·
      <button type="button" class="link" @click=${this.openPrompts}>What wrote a token</button>`;
  }

  private calibration(answer: EffectAnswer): TemplateResult | string {
    const { way, host, loader } = this;
    if (loader.calibrating) return html`<span role="status">Comparing with ablations …</span>`;
    if (!answer.calibration) {
      return html`<button type="button" class="link" @click=${() => void loader.calibrate(host)}>
        Compare with ablations on this model
      </button>`;
    }
    const layers = calibratedLayers(answer, way);
    return html`${calibrationSentence(layers)} ${layers.length > 1 ? layerTable(layers) : nothing}`;
  }

  private faultNote({ code, message }: LensError): TemplateResult {
    const { host } = this;
    const restart = async (): Promise<void> => {
      await host.restartEngine({});
      this.ask();
    };
    const cure =
      code === 'engine-unavailable'
        ? html`<button type="button" class="link" @click=${restart}>Restart engine</button>`
        : html`<button type="button" class="link" @click=${() => this.ask()}>Try again</button>`;
    return note('warning', html`${message} ${cure}`, 'warning');
  }
}

/** Copies both sides with full precision. */
function copyButton({ promoted, suppressed }: PromotedTokens): TemplateResult {
  const copy = (event: Event): void => {
    const lines = [...promoted, ...suppressed].map(
      ({ id, token, effect }) => `${id}\t${JSON.stringify(token)}\t${effect}`,
    );
    const text = ['id\ttoken\teffect', ...lines].join('\n');
    request(event.currentTarget as Element, { type: 'copyText', text, what: 'effects on the output' });
  };
  return html`<button type="button" class="link" @click=${copy}>Copy</button>`;
}

function tokenTables(tokens: PromotedTokens): TemplateResult {
  const { promoted, suppressed } = effectBars(tokens);
  return html`<div class="effects">
    ${tokenTable('Promoted tokens', promoted)} ${tokenTable('Suppressed tokens', suppressed)}
  </div>`;
}

function tokenTable(title: string, bars: readonly EffectBar[]): TemplateResult {
  return html`<table>
    <thead>
      <tr>
        <th scope="col" colspan="2">${title}</th>
        <th scope="col" class="number"><span class="hidden-text">Effect</span></th>
      </tr>
    </thead>
    <tbody>
      ${bars.map(
        ({ token, effect, length }) =>
          html`<tr>
            <th scope="row">${tokenChip(token)}</th>
            <td class="bar">${bar(length, effect < 0)}</td>
            <td class="number">${formatValue(effect)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function bar(length: number, isNegative: boolean): TemplateResult {
  return html`<svg class=${isNegative ? 'negative' : 'positive'} aria-hidden="true">
    <rect width="${(100 * length).toFixed(1)}%" height="100%" rx="1"></rect>
  </svg>`;
}

function layerTable(layers: readonly CalibratedLayer[]): TemplateResult {
  return html`<details class="decided">
    <summary>By layers</summary>
    <table class="lines">
      <thead>
        <tr>
          <th scope="col">Layer</th>
          <th scope="col" class="number" title="Neurons that were switched off, each at one token">
            Neurons
          </th>
          <th scope="col" class="number" title="Pearson, over these neurons and the whole vocabulary">
            Correlation
          </th>
        </tr>
      </thead>
      <tbody>
        ${layers.map(
          ({ site, neurons, correlation, own }) =>
            html`<tr>
              <th scope="row">${own ? html`<b>${site}</b>` : site}</th>
              <td class="number">${neurons}</td>
              <td class="number">${correlation === null ? '–' : formatRatio(correlation)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </details>`;
}

/** Grey bars in place of the tokens. */
function placeholder(): TemplateResult {
  return html`<div class="loading" role="status" aria-label="Computing the effect on the output">
    ${['long', 'middle', 'long', 'middle', 'long'].map(
      (length) => html`<div class="loading-bar ${length}"></div>`,
    )}
  </div>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'effect-section': EffectSection;
  }
}
