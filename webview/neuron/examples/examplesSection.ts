import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { formatCount, formatShare, formatValue } from '../../../src/core/common/numberFormat';
import type {
  Band,
  Example,
  ExampleLists,
  NeuronFacts,
  RangeExamples,
} from '../../../src/core/profile/neuronPage';
import { floorOf } from '../../../src/core/stats/layerContext';
import { dropDown } from '../../common/choices';
import type { ColourChoice } from '../../common/colourClass';
import { legend } from '../../common/legend';
import { exampleItem, type ExampleSetting } from '../../common/exampleItem';
import { LightElement } from '../../common/lightElement';
import { activationName } from '../../common/modelNames';
import { badge, iconButton, note, section } from '../../common/widgets';
import { type Tab, tabRow } from '../../common/tabs';
import type { ExampleTab } from './exampleLists';

/** Examples shown before "Show … more". */
const FIRST_SHOWN = 12;
/** Lowest values within this of the floor of the activation function lie on it. */
const ON_THE_FLOOR = 0.005;

/** The examples of a neuron by tabs, under one colour scale. */
@customElement('examples-section')
export class ExamplesSection extends LightElement {
  @property({ attribute: false }) facts!: NeuronFacts;
  @property() tab: ExampleTab = 'top';
  /** The lists that are there so far. */
  @property({ attribute: false }) lists: Partial<ExampleLists> = {};
  /** What the tab lists; null while it is on its way. */
  @property({ attribute: false }) listed: readonly Example[] | null = [];
  /** What was found of the chosen bar. */
  @property({ attribute: false }) found: RangeExamples | null = null;
  /** Why the examples could not be had. */
  @property({ attribute: false }) fault: string | null = null;
  @property({ attribute: false }) setting!: ExampleSetting;
  @property({ attribute: false }) chosen: readonly [number, number] | null = null;
  @state() private all = false;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('facts') || changed.has('tab')) this.all = false;
  }

  protected override render(): TemplateResult {
    if (this.facts.stats.dead) {
      return section('Examples', nothing, html`<p class="dim">A dead neuron has no examples to compare.</p>`);
    }
    const colours = dropDown(
      'Colour range',
      [
        { value: 'linear', label: 'Colours: ±max, linear' },
        { value: 'square-root', label: 'Colours: ±max, square root' },
        { value: 'example', label: 'Colours: this example only' },
      ],
      this.setting.colours,
      (choice: ColourChoice) => this.announce('colours-chosen', choice),
    );
    return section(
      'Examples',
      colours,
      tabRow(this.facts.neuron.id, 'Examples', this.tabs(), this.tab, (tab) =>
        this.announce('tab-chosen', tab),
      ),
      html`<div
        id="${this.facts.neuron.id}-panel"
        role="tabpanel"
        aria-labelledby="${this.facts.neuron.id}-${this.tab}"
      >
        <div class="examples-bar">
          ${this.tab === 'range' ? this.rangeHead() : nothing}
          ${legend(this.setting.range, this.setting.colours === 'example')}
          <span class="dim">${this.remark()}</span>
        </div>
        ${this.floorNote()} ${this.content()}
      </div>`,
    );
  }

  private content(): TemplateResult | TemplateResult[] | typeof nothing {
    const { bands } = this.lists;
    if (this.tab === 'bands' && bands) return bands.toReversed().map((band) => this.band(band));
    if (this.listed) return this.list(this.listed);
    return this.fault === null
      ? html`<p class="dim" role="status">Reading …</p>`
      : note('error', html`These examples cannot be shown. ${this.fault}`);
  }

  private tabs(): Tab<ExampleTab>[] {
    const count = (list: readonly unknown[] | undefined) => (list ? { count: list.length } : {});
    const { top, bottom, bands, random } = this.lists;
    return [
      { name: 'top', label: 'Top', ...count(top), title: 'Highest values' },
      { name: 'bottom', label: 'Bottom', ...count(bottom), title: 'Lowest values' },
      { name: 'bands', label: 'Quantile bands', ...count(bands) },
      { name: 'random', label: 'Random', ...count(random) },
      { name: 'range', label: 'Range', title: 'The stored examples of one bar of the histogram' },
    ];
  }

  private remark(): string {
    const { facts, listed } = this;
    return {
      top: 'highest values · one example per document while enough remain',
      bottom: 'lowest values · one example per document while enough remain',
      bands: 'quantiles of all tokens, not equal-width ranges',
      random: `${listed?.length ?? 0} tokens drawn uniformly, seed ${facts.manifest.plan.seed}`,
      range: this.chosen && this.found ? rangeRemark(this.found) : '',
    }[this.tab];
  }

  private rangeHead(): TemplateResult | typeof nothing {
    if (!this.chosen) return nothing;
    const [low, high] = this.chosen;
    return html`${badge(`${formatValue(low)} to ${formatValue(high)}`, { icon: 'filter' })}
    ${iconButton('close', 'Clear range', () => this.announce('range-cleared', null))}`;
  }

  private floorNote(): TemplateResult | typeof nothing {
    const { neuron, quantity, stats } = this.facts;
    const floor = floorOf({ ...neuron, quantity });
    if (this.tab !== 'bottom' || floor === null || stats.min === null) return nothing;
    if (Math.abs(stats.min - floor) > ON_THE_FLOOR) return nothing;
    return note(
      'info',
      html`${activationName(neuron.activation)} output cannot go below ${formatValue(floor)}, so the bottom
      examples differ little.`,
    );
  }

  private list(examples: readonly Example[]): TemplateResult {
    if (examples.length === 0) {
      const words =
        this.tab === 'range' && !this.chosen
          ? 'Choose a bar of the distribution to see its examples.'
          : 'No example of this range was stored.';
      return html`<p class="dim">${words}</p>`;
    }
    const shown = this.all ? examples : examples.slice(0, FIRST_SHOWN);
    const rest = examples.length - shown.length;
    return html`<ul class="examples">
        ${repeat(
          shown,
          (example) => `${example.file}:${example.record ?? ''}:${example.start}:${example.end}`,
          (example) => exampleItem(example, this.setting),
        )}
      </ul>
      ${
        rest > 0
          ? html`<p class="more-row">
              <button type="button" class="link" @click=${() => (this.all = true)}>Show ${rest} more</button>
            </p>`
          : nothing
      }`;
  }

  private band(band: Band): TemplateResult {
    return html`<section
      class="band"
      aria-label="Quantiles ${percent(band.from)} to ${percent(band.to)} percent"
    >
      <div class="band-head">
        <b>${percent(band.from)}–${percent(band.to)} %</b>
        <span class="dim">${formatValue(band.low)} to ${formatValue(band.high)}</span>
        <span class="dim">${formatCount(band.count)} tokens · ${formatShare(band.mass)} of Σ|value|</span>
        <svg class="mass" viewBox="0 0 100 3" preserveAspectRatio="none" aria-hidden="true">
          <rect width=${100 * Math.min(1, Math.max(0, band.mass))} height="3"></rect>
        </svg>
      </div>
      ${this.list(band.examples)}
    </section>`;
  }

  private announce(type: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

function rangeRemark({ examples, stored }: RangeExamples): string {
  if (examples.length < stored)
    return `${examples.length} of ${formatCount(stored)} stored examples, drawn as the bar's tokens are spread`;
  return `${stored} stored ${stored === 1 ? 'example' : 'examples'}`;
}

/** A quantile as people write it: 0.999 → `99.9`. */
function percent(quantile: number): string {
  return String(Number((100 * quantile).toPrecision(6)));
}

declare global {
  interface HTMLElementTagNameMap {
    'examples-section': ExamplesSection;
  }
}
