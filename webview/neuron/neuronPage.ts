import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { colourRange } from '../../src/core/common/colourScale';
import { formatDate } from '../../src/core/common/dateFormat';
import { formatCount, formatShare } from '../../src/core/common/numberFormat';
import type { NeuronState, ShownNeuron } from '../../src/protocol/pages/neuron';
import type { ColourChoice } from '../common/colourClass';
import { LightElement } from '../common/lightElement';
import { failedSelfTestNote, note, unknownWordsNote } from '../common/widgets';
import { togglePin } from '../common/neuronRows';
import type { PageElement } from '../common/startPage';
import { conceptTable } from './concepts/conceptTable';
import type { CountAxis, ValueRange } from './distribution/distribution';
import './distribution/histogramFigure';
import type { EffectWay } from './effect/effectView';
import './effect/effectSection';
import { type Bin, ExampleLoader } from './examples/exampleLoader';
import type { ExampleTab } from './examples/exampleLists';
import type { ExampleSource, NeuronCalls } from './examples/exampleSource';
import './examples/examplesSection';
import { neuronHeader } from './header';
import { pageFooter } from './pageFooter';
import { readingSection } from './reading';
import { statisticsTable } from './statisticsTable';

/** What the reader set up, as it is kept over a reload of the window. */
export type PageSettings = Omit<NeuronState, 'profile' | 'id'>;

const FIRST_SETTINGS: PageSettings = {
  ...{ tab: 'top', scale: 'linear', counts: 'log', range: 'full', bin: null },
  effect: 'head',
};

/** What the reader had set up before the window was reloaded. */
export function settingsOf(saved: NeuronState | null): PageSettings {
  if (!saved) return FIRST_SETTINGS;
  const { profile, id, ...settings } = saved;
  return settings;
}

/** The same for a neuron that is shown: a bar belongs to one neuron only. */
export function restoredSettings(saved: NeuronState | null, { profile, facts }: ShownNeuron): PageSettings {
  const settings = settingsOf(saved);
  return saved?.profile === profile.id && saved.id === facts.neuron.id ? settings : withoutBar(settings);
}

/** All that is known of one neuron: evidence on the left, numbers on the right. */
@customElement('neuron-page')
export class NeuronPageElement extends LightElement implements PageElement<ShownNeuron> {
  @property({ attribute: false }) shown!: ShownNeuron;
  @property({ attribute: false }) pinned: readonly string[] = [];
  @property() language = '';
  @property({ attribute: false }) settings: PageSettings = FIRST_SETTINGS;
  /** Null in a report, where nobody answers. */
  @property({ attribute: false }) host: NeuronCalls | null = null;
  @property({ attribute: false }) sourceOf!: (neuron: string) => ExampleSource;
  @state() private pointed: Bin | null = null;
  private source!: ExampleSource;
  private readonly loader = new ExampleLoader(this);

  /** Shows another tab, as the number keys do. */
  showTab(tab: ExampleTab): void {
    this.change({ tab });
  }

  togglePin(): void {
    togglePin(this, this.shown.facts.neuron.id, this.pinned);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('shown')) {
      const { id } = this.shown.facts.neuron;
      const before = changed.get('shown')?.facts.neuron.id;
      if (before !== undefined && before !== id) {
        this.settings = withoutBar(this.settings);
        window.scrollTo(0, 0);
      }
      this.source = this.sourceOf(id);
      this.loader.begin(this.source, this.shown.examples);
    }
    if (changed.has('shown') || changed.has('settings')) void this.loader.choose(this.settings.bin);
  }

  protected override render(): TemplateResult {
    const { shown, settings, loader, host } = this;
    const { facts, stored, meaning } = shown;
    const listed = facts.stats.dead ? [] : loader.listed(settings.tab);
    const date = formatDate(facts.manifest.created, this.language);
    return html`<div class="page">
      ${neuronHeader({ shown, source: this.source, lists: loader.lists, host, date, pinned: this.pinned.includes(facts.neuron.id), togglePin: () => this.togglePin() })}
      ${host ? failedSelfTestNote(facts.manifest.selfTest) : nothing} ${this.partialNote()}
      ${host ? unknownWordsNote(facts.manifest.corpus) : nothing}
      <div class="columns">
        <div class="column evidence">
          ${readingSection(facts.reading, meaning, host !== null)}
          <histogram-figure
            .facts=${facts}
            .stored=${stored}
            .listed=${listed ?? []}
            .counts=${settings.counts}
            .range=${settings.range}
            .chosen=${settings.tab === 'range' ? settings.bin : null}
            @counts-axis=${(event: CustomEvent<CountAxis>) => this.change({ counts: event.detail })}
            @value-range=${(event: CustomEvent<ValueRange>) => this.change({ range: event.detail })}
            @bar-pointed=${(event: CustomEvent<Bin | null>) => (this.pointed = event.detail)}
            @bar-chosen=${(event: CustomEvent<Bin | null>) => this.chooseBar(event.detail)}
          ></histogram-figure>
          <examples-section
            .facts=${facts}
            .tab=${settings.tab}
            .lists=${loader.lists}
            .listed=${listed}
            .found=${loader.range}
            .fault=${loader.fault}
            .chosen=${settings.bin}
            .setting=${{
              neuron: host && facts.neuron.id,
              range: facts.stats.dead ? 0 : colourRange(facts.stats.min, facts.stats.max),
              colours: settings.scale,
              pointed: this.pointed,
            }}
            @tab-chosen=${(event: CustomEvent<ExampleTab>) => this.change({ tab: event.detail })}
            @colours-chosen=${(event: CustomEvent<ColourChoice>) => this.change({ scale: event.detail })}
            @range-cleared=${() => this.chooseBar(null)}
          ></examples-section>
        </div>
        <div class="column numbers">
          ${statisticsTable(facts.stats)} ${conceptTable(meaning, host !== null)}
          ${
            host
              ? html`<effect-section
                  .shown=${shown}
                  .host=${host}
                  .way=${settings.effect}
                  @way-chosen=${(event: CustomEvent<EffectWay>) => this.change({ effect: event.detail })}
                ></effect-section>`
              : nothing
          }
        </div>
      </div>
      ${host ? pageFooter(facts, date) : nothing}
    </div>`;
  }

  private partialNote(): TemplateResult | typeof nothing {
    const { facts, seenShare, canResume } = this.shown;
    const { host } = this;
    const { state: runState, corpus } = facts.manifest;
    if (runState === 'complete' || !host) return nothing;
    const share = seenShare === null ? '' : ` (${formatShare(seenShare)})`;
    const resume = html`<button type="button" class="link" @click=${() => void host.resumeProfile({})}>
      Resume
    </button>`;
    return note(
      'warning',
      html`<b
          >${runState === 'running' ? 'Running' : 'Partial'}: ${formatCount(corpus.tokens)} tokens${share}.</b
        >
        All numbers are exact for the tokens seen. ${canResume ? resume : nothing}`,
    );
  }

  private chooseBar(bin: Bin | null): void {
    if (bin === null) this.change(withoutBar(this.settings));
    else this.change({ bin: [bin[0], bin[1]], tab: 'range' });
  }

  private change(changed: Partial<PageSettings>): void {
    this.settings = { ...this.settings, ...changed };
    this.dispatchEvent(new CustomEvent('settings-changed'));
  }
}

function withoutBar(settings: PageSettings): PageSettings {
  return { ...settings, bin: null, tab: settings.tab === 'range' ? 'top' : settings.tab };
}

declare global {
  interface HTMLElementTagNameMap {
    'neuron-page': NeuronPageElement;
  }
}
