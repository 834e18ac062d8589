import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { colourRange } from '../../src/core/common/colourScale';
import { formatDate } from '../../src/core/common/dateFormat';
import { formatCount, formatShare } from '../../src/core/common/numberFormat';
import type { Example } from '../../src/core/profile/neuronPage';
import type { NeuronMessage, PanelState } from '../../src/protocol/webview';
import type { ColourChoice } from '../common/colourClass';
import { request } from '../common/host';
import { LightElement } from '../common/lightElement';
import { failedSelfTestNote, note, unknownWordsNote } from '../common/parts';
import './distribution/histogramView';
import type { CountAxis, ValueRange } from './distribution/distribution';
import { type ExampleTab, listedExamples, storedExamples } from './examples/exampleLists';
import './examples/examplesSection';
import { neuronHeader } from './header';
import { pageFooter } from './pageFooter';
import { readingSection } from './reading';
import { statisticsTable } from './statisticsTable';

/** What the reader set up, as it is kept over a reload of the window. */
export type View = Omit<PanelState, 'profile' | 'id'>;

export const FIRST_VIEW: View = { tab: 'top', scale: 'linear', counts: 'log', range: 'full', bin: null };

type Bin = readonly [number, number] | null;

/** All that is known of one neuron: evidence on the left, numbers on the right. */
@customElement('neuron-page')
export class NeuronPageElement extends LightElement {
  @property({ attribute: false }) message!: NeuronMessage;
  @property({ attribute: false }) view: View = FIRST_VIEW;
  /** Off in a report, where nobody answers requests. */
  @property({ attribute: false }) withHost = true;
  @state() private pointed: Bin = null;
  private stored: readonly Example[] = [];

  /** Shows another tab, as the number keys do. */
  showTab(tab: ExampleTab): void {
    this.change({ tab });
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('message')) this.stored = storedExamples(this.message.page);
  }

  protected override render(): TemplateResult {
    const { message, view, stored } = this;
    const { page } = message;
    const listed = listedExamples(page, view.tab, stored, view.bin);
    const date = formatDate(page.manifest.created, message.preferences.language);
    return html`<div class="page">
      ${neuronHeader(message, date, this.withHost)}
      ${this.withHost ? failedSelfTestNote(page.manifest.selfTest) : nothing} ${this.partialNote()}
      ${this.withHost ? unknownWordsNote(page.manifest.corpus) : nothing}
      <div class="columns">
        <div class="column evidence">
          ${readingSection(page.reading)}
          <histogram-view
            .page=${page}
            .stored=${stored}
            .listed=${listed}
            .counts=${view.counts}
            .range=${view.range}
            .chosen=${view.tab === 'range' ? view.bin : null}
            @counts-axis=${(event: CustomEvent<CountAxis>) => this.change({ counts: event.detail })}
            @value-range=${(event: CustomEvent<ValueRange>) => this.change({ range: event.detail })}
            @bar-pointed=${(event: CustomEvent<Bin>) => (this.pointed = event.detail)}
            @bar-chosen=${(event: CustomEvent<Bin>) => this.chooseBar(event.detail)}
          ></histogram-view>
          <examples-section
            .page=${page}
            .tab=${view.tab}
            .listed=${listed}
            .chosen=${view.bin}
            .setting=${{
              range: page.stats.dead ? 0 : colourRange(page.stats.min, page.stats.max),
              colours: view.scale,
              missingFiles: message.missingFiles,
              changedFiles: message.changedFiles,
              pointed: this.pointed,
            }}
            @tab-chosen=${(event: CustomEvent<ExampleTab>) => this.change({ tab: event.detail })}
            @colours-chosen=${(event: CustomEvent<ColourChoice>) => this.change({ scale: event.detail })}
            @range-cleared=${() => this.chooseBar(null)}
          ></examples-section>
        </div>
        <div class="column numbers">${statisticsTable(page.stats)}</div>
      </div>
      ${this.withHost ? pageFooter(page, date) : nothing}
    </div>`;
  }

  private partialNote(): TemplateResult | typeof nothing {
    const { page, seenShare, canResume } = this.message;
    const { state: runState, corpus } = page.manifest;
    if (runState === 'complete' || !this.withHost) return nothing;
    const share = seenShare === null ? '' : ` (${formatShare(seenShare)})`;
    const resume = html`<button
      type="button"
      class="link"
      @click=${(event: Event) => request(event.currentTarget as Element, { type: 'resumeProfile' })}
    >
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

  private chooseBar(bin: Bin): void {
    if (bin === null) this.change({ bin: null, tab: this.view.tab === 'range' ? 'top' : this.view.tab });
    else this.change({ bin: [bin[0], bin[1]], tab: 'range' });
  }

  private change(part: Partial<View>): void {
    this.view = { ...this.view, ...part };
    this.dispatchEvent(new CustomEvent<View>('view-changed', { detail: this.view }));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'neuron-page': NeuronPageElement;
  }
}
