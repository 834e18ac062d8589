import type { Chart } from 'chart.js';
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { formatBarCount, formatCount, formatShare, formatValue } from '../../../src/core/common/numberFormat';
import type { Example, NeuronFacts } from '../../../src/core/profile/neuronPage';
import { afterPaint } from '../../common/afterPaint';
import { dropDown, segments } from '../../common/choices';
import { LightElement } from '../../common/lightElement';
import { iconButton, section } from '../../common/widgets';
import { onThemeChange, readThemeColours } from '../../common/themeColours';
import {
  barOf,
  type CountAxis,
  describeBar,
  describeDistribution,
  type Distribution,
  distributionOf,
  type ValueRange,
} from './distribution';
import type { ChartFocus } from './histogramChart';
import { cursorAfter } from '../../common/rowCursor';

/** Tells the page that a bar was chosen (its limits), cleared (null) or pointed at. */
export type BarEvent = CustomEvent<readonly [low: number, high: number] | null>;

/** The distribution of a neuron's values: chart, the same as a table, and what the reader points at in words. */
@customElement('histogram-figure')
export class HistogramFigure extends LightElement {
  @property({ attribute: false }) facts!: NeuronFacts;
  /** Value of every stored example, and the examples that are listed now. */
  @property({ attribute: false }) stored: readonly number[] = [];
  @property({ attribute: false }) listed: readonly Example[] = [];
  @property() counts: CountAxis = 'log';
  @property() range: ValueRange = 'full';
  /** Limits of the chosen bar. */
  @property({ attribute: false }) chosen: readonly [number, number] | null = null;
  @state() private asTable = false;
  @state() private pointed = -1;
  @query('canvas') private readonly canvas!: HTMLCanvasElement | null;
  private distribution!: Distribution;
  private chart: Chart | undefined;
  private themeObserver: MutationObserver | undefined;
  private readonly focusOfChart: ChartFocus = { cursor: -1, chosen: -1, listed: [] };

  override connectedCallback(): void {
    super.connectedCallback();
    this.themeObserver = onThemeChange(() => void this.drawAnew());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.themeObserver?.disconnect();
    this.chart?.destroy();
    this.chart = undefined;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('facts') || changed.has('range')) {
      this.distribution = distributionOf(this.facts, this.range);
      this.focusOfChart.cursor = -1;
      this.pointed = -1;
    }
  }

  protected override updated(changed: PropertyValues<this>): void {
    this.focusOfChart.listed = this.listed.map(({ value }) => value);
    this.followChosen();
    // The words of the page come first: the canvas costs as much as all of them.
    if (!this.chart || changed.has('facts')) void afterPaint().then(() => this.drawAnew());
    else if (changed.has('range') || changed.has('counts')) void this.drawAnew();
    else this.chart.draw();
  }

  protected override render(): TemplateResult {
    const controls = html`${segments(
      'Count axis',
      [
        { value: 'log', label: 'Log' },
        { value: 'linear', label: 'Linear' },
      ],
      this.counts,
      (counts) => this.announce('counts-axis', counts),
    )}
    ${dropDown(
      'Value range',
      [
        { value: 'full', label: 'Full range' },
        { value: 'central', label: '0.1 % to 99.9 %' },
      ],
      this.range,
      (range) => this.announce('value-range', range),
    )}
    ${iconButton('table', 'Show as table', () => (this.asTable = !this.asTable), { pressed: this.asTable })}`;
    return section(
      'Distribution',
      controls,
      this.picture(),
      this.asTable ? this.table() : nothing,
      this.caption(),
    );
  }

  /** Where the bars were drawn anew, the chosen one is the bar that holds its middle now: picture and list show one thing. */
  private followChosen(): void {
    const { bars } = this.distribution;
    const [low, high] = this.chosen ?? [NaN, NaN];
    const bar = this.chosen ? barOf(bars, (low + high) / 2) : -1;
    this.focusOfChart.chosen = bar;
    if (this.chosen && (bars.edges[bar] !== low || bars.edges[bar + 1] !== high)) this.choose(bar);
  }

  private picture(): TemplateResult {
    return html`<div class="histogram" ?hidden=${this.asTable}>
      <canvas
        role="img"
        tabindex="0"
        aria-label=${describeDistribution(this.facts)}
        @keydown=${this.onKey}
        @blur=${this.leave}
        @mouseleave=${this.pointerLeaves}
      ></canvas>
    </div>`;
  }

  private caption(): TemplateResult {
    const { bars } = this.distribution;
    const cut =
      this.range === 'full'
        ? ''
        : ` · ${formatCount(bars.below)} tokens lower and ${formatCount(bars.above)} higher are not drawn`;
    const words =
      this.pointed >= 0
        ? describeBar(bars, this.pointed, this.facts.stats.count, this.stored)
        : `Bar width ${formatValue(bars.width)} · hover or use ← → to read a bar`;
    return html`<div class="chart-caption">
      <span aria-live="polite">${words}${cut}</span>
      <span>Bars in the colours of the tokens · ticks: listed examples</span>
    </div>`;
  }

  private table(): TemplateResult {
    const { bars } = this.distribution;
    const total = this.facts.stats.count;
    return html`<div class="scroll" tabindex="0" role="region" aria-label="Histogram as a table">
      <table class="lines">
        <caption class="hidden-text">
          Histogram as a table
        </caption>
        <thead>
          <tr>
            <th scope="col" class="number">From</th>
            <th scope="col" class="number">To</th>
            <th scope="col" class="number">Tokens</th>
            <th scope="col" class="number">Share</th>
          </tr>
        </thead>
        <tbody>
          ${bars.counts.map(
            (count, bar) =>
              html`<tr>
                <td class="number">${formatValue(bars.edges[bar] ?? null)}</td>
                <td class="number">${formatValue(bars.edges[bar + 1] ?? null)}</td>
                <td class="number">${formatBarCount(count, bars.shared[bar] ?? false)}</td>
                <td class="number">${formatShare(total > 0 ? count / total : 0)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  private async drawAnew(): Promise<void> {
    const { drawHistogram } = await import('./histograms');
    this.chart?.destroy();
    if (!this.canvas || !this.isConnected) return;
    const { bars } = this.distribution;
    const shown = { distribution: this.distribution, counts: this.counts, focus: this.focusOfChart };
    this.chart = drawHistogram(this.canvas, shown, readThemeColours(), {
      hover: (bar) => this.moveTo(bar),
      choose: (bar) => this.choose(bar),
      describe: (bar) => describeBar(bars, bar, this.facts.stats.count, this.stored),
    });
  }

  /** Pointer and keyboard share one cursor: the keys go on from where the pointer was. */
  private moveTo(bar: number): void {
    this.focusOfChart.cursor = bar;
    if (this.pointed === bar) return;
    this.pointed = bar;
    this.chart?.draw();
    const { edges } = this.distribution.bars;
    this.announce('bar-pointed', bar < 0 ? null : [edges[bar] ?? 0, edges[bar + 1] ?? 0]);
  }

  private choose(bar: number): void {
    const { edges } = this.distribution.bars;
    this.announce('bar-chosen', bar < 0 ? null : [edges[bar] ?? 0, edges[bar + 1] ?? 0]);
  }

  private announce(type: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    const last = this.distribution.bars.counts.length - 1;
    const { chosen } = this.focusOfChart;
    const cursor = this.focusOfChart.cursor >= 0 ? this.focusOfChart.cursor : chosen;
    const target = event.key === 'Escape' ? -1 : cursorAfter(event, cursor, last);
    if (event.altKey || (target === undefined && event.key !== 'Enter')) return;
    event.preventDefault();
    if (target === undefined) {
      if (cursor >= 0) this.choose(cursor);
      return;
    }
    if (event.key === 'Escape') this.choose(-1);
    this.moveTo(target);
  };

  private readonly leave = (): void => this.moveTo(-1);

  /** Who reads by the keyboard keeps the bar when the pointer goes. */
  private readonly pointerLeaves = (): void => {
    if (document.activeElement !== this.canvas) this.leave();
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'histogram-figure': HistogramFigure;
  }
}
