import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { formatDate } from '../../src/core/common/dateFormat';
import type { LayerStrips } from '../../src/core/overview/layerStrips';
import { DEFAULT_STRIP } from '../../src/core/overview/layerStrips';
import type { SortKey } from '../../src/core/stats/statistics';
import type { ShownToken } from '../../src/core/stats/strongestTokens';
import type { CommonRequests } from '../../src/protocol/pages/page';
import type { OverviewRequests, OverviewState, ShownOverview } from '../../src/protocol/pages/overview';
import type { Calls } from '../../src/protocol/rpc';
import { LightElement } from '../common/lightElement';
import { manifestSection } from '../common/manifestTable';
import type { PageElement } from '../common/startPage';
import { caution, note, section } from '../common/widgets';
import { familyTable, namedFigure } from './concepts';
import { densityFigure } from './densityFigure';
import { FIRST_SHOWN, firstNeuronsSection } from './firstNeurons';
import { overviewFacts, overviewHeader } from './header';
import { layersSection } from './layers';
import { overviewSummary } from './summary';

/** A whole profile: whether its run is sound, and where to look first. */
@customElement('overview-page')
export class OverviewPageElement extends LightElement implements PageElement<ShownOverview> {
  @property({ attribute: false }) shown!: ShownOverview;
  @property({ attribute: false }) pinned: readonly string[] = [];
  @property() language = '';
  @property({ attribute: false }) host!: Calls<CommonRequests & OverviewRequests>;
  @state() private metric: SortKey = DEFAULT_STRIP;
  @state() private all = false;
  @state() private strips!: LayerStrips;
  @state() private tokens: ReadonlyMap<string, readonly ShownToken[]> = new Map();
  private asking = new AbortController();

  /** What is kept over a reload of the window. */
  get state(): OverviewState {
    return { profile: this.shown.profile.id, metric: this.metric, all: this.all };
  }

  /** Takes up what the page was before the window was reloaded. */
  restore({ metric, all }: OverviewState): void {
    this.metric = metric;
    this.all = all;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('shown')) return;
    const before = changed.get('shown')?.profile.id;
    if (before !== undefined && before !== this.shown.profile.id) {
      this.metric = DEFAULT_STRIP;
      this.all = false;
      window.scrollTo(0, 0);
    }
    this.strips = this.shown.overview.strips;
    this.tokens = new Map();
    this.asking.abort();
    this.asking = new AbortController();
    if (this.metric !== this.strips.metric) this.askStrips();
    this.askTokens();
  }

  protected override render(): TemplateResult {
    const { overview } = this.shown;
    const { named, notes, manifest } = overview;
    const first = firstNeuronsSection(overview, this.tokens, this.all, () => {
      this.all = true;
      this.remember();
      this.askTokens();
    });
    return html`<div class="page">
      ${overviewHeader(this.shown, this.host, formatDate(manifest.created, this.language))}
      ${
        named
          ? html`<div class="columns">
              <div class="column">${overviewSummary(overview, this.host)} ${first}</div>
              <div class="column">${namedFigure(overview, named)} ${familyTable(named)}</div>
            </div>`
          : html`${overviewSummary(overview, this.host)} ${first}`
      }
      ${overviewFacts(overview)}
      ${
        notes.length === 0
          ? nothing
          : section(
              'Before you read the neurons',
              nothing,
              html`<div class="notes">
                ${notes.map(({ tone, head, text }) => note(tone, html`<b>${head}</b> ${text}`))}
              </div>`,
            )
      }
      <div class="halves">
        ${layersSection(this.strips, this.metric, (metric) => {
          this.metric = metric;
          this.remember();
          this.askStrips();
        })}
        ${densityFigure(overview)}
      </div>
      ${manifestSection(manifest, formatDate(manifest.created, this.language))}
      <footer class="footer">
        <div class="cautions">
          ${caution('files', 'This corpus only:', 'a neuron that is dead here may answer to other text.')}
          ${caution('eye', 'Observed, not causal:', 'the model may not use what is seen here.')}
        </div>
      </footer>
    </div>`;
  }

  private remember(): void {
    this.dispatchEvent(new CustomEvent('settings-changed'));
  }

  /** What was asked for stays as it is until the answer is there; where none comes the layers keep what they show. */
  private askStrips(): void {
    const { metric, asking } = this;
    this.host.strips({ metric }, { signal: asking.signal }).then(
      (strips) => {
        if (metric === this.metric && !asking.signal.aborted) this.strips = strips;
      },
      () => undefined,
    );
  }

  /** The tokens of the neurons in sight that are not known yet: without them the table goes on. */
  private askTokens(): void {
    const { signal } = this.asking;
    const { first } = this.shown.overview;
    const neurons = (this.all ? first : first.slice(0, FIRST_SHOWN))
      .map(({ id }) => id)
      .filter((id) => !this.tokens.has(id));
    if (neurons.length === 0) return;
    this.host.strongestTokens({ neurons }, { signal }).then(
      (found) => {
        if (signal.aborted) return;
        this.tokens = new Map([...this.tokens, ...neurons.map((id, at) => [id, found[at] ?? []] as const)]);
      },
      () => undefined,
    );
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'overview-page': OverviewPageElement;
  }
}
