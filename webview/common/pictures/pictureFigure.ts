import { html, nothing, svg, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { LightElement } from '../lightElement';
import { iconButton, section } from '../widgets';
import { request } from '../wishes';
import { FONT_SIZE, listed, type Mark, type Picture, type Size, type Stop, stopNear } from './picture';
import { cursorAfter } from '../rowCursor';

/** The same as a picture shows, for those who would rather read it. */
export interface PictureTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | TemplateResult)[])[];
}

/** A picture with its heading, read stop by stop with the pointer or the arrow keys, or as a table. */
@customElement('picture-figure')
export class PictureFigure extends LightElement {
  @property() heading = '';
  @property() remark = '';
  /** What the picture shows, for those who hear it. */
  @property() description = '';
  @property({ attribute: false }) draw!: (size: Size) => Picture;
  @property({ attribute: false }) table!: () => PictureTable;
  /** What its colours mean, and what must be known to read it. */
  @property({ attribute: false }) caption: TemplateResult | typeof nothing = nothing;
  @property({ type: Number }) height = 220;
  @state() private width = 0;
  @state() private asTable = false;
  @state() private cursor = -1;
  private picture: Picture | null = null;
  private readonly sizes = new ResizeObserver(([entry]) => {
    this.width = Math.floor(entry?.contentRect.width ?? 0);
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.sizes.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.sizes.disconnect();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('draw')) this.cursor = -1;
    this.picture = this.width > 0 ? this.draw({ width: this.width, height: this.height }) : null;
  }

  protected override render(): TemplateResult {
    const words = this.picture?.stops[this.cursor]?.words;
    return section(
      this.heading,
      html`<span class="dim">${this.remark}</span> ${iconButton(
          'table',
          'Show as table',
          () => (this.asTable = !this.asTable),
          { pressed: this.asTable },
        )}`,
      this.asTable ? this.rows() : this.drawn(),
      html`<div class="chart-caption">
        <span aria-live="polite">${words ?? 'hover or use ← → to read'}</span>
        ${this.caption}
      </div>`,
    );
  }

  private drawn(): TemplateResult {
    const { picture, cursor } = this;
    if (!picture) return html`<div class="picture-place"></div>`;
    const { width, height, marks, stops, reach } = picture;
    const stop = stops[cursor];
    return html`<svg
      class=${stop?.neuron === undefined ? 'picture' : 'picture opens'}
      width=${width}
      height=${height}
      viewBox="0 0 ${width} ${height}"
      role="img"
      tabindex="0"
      aria-label="${this.description} Use the arrow keys to read it."
      @keydown=${this.onKey}
      @pointermove=${this.onPoint}
      @pointerleave=${this.leave}
      @click=${this.openNeuron}
      @blur=${this.leave}
    >
      ${marks.map(painted)} ${stop ? cursorAt(stop, reach) : nothing}
    </svg>`;
  }

  private rows(): TemplateResult {
    const { head, rows } = this.table();
    return html`<div class="scroll" tabindex="0" role="region" aria-label="${this.heading} as a table">
      <table class="lines">
        <caption class="hidden-text">
          ${this.heading}
        </caption>
        <thead>
          <tr>
            ${head.map((title) => html`<th scope="col" class="number">${title}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (row) =>
              html`<tr>
                ${row.map((cell) => html`<td class="number">${cell}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  private readonly openNeuron = (): void => {
    const neuron = this.picture?.stops[this.cursor]?.neuron;
    if (neuron !== undefined) request(this, { type: 'openNeuron', neuron });
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') this.openNeuron();
    const last = (this.picture?.stops.length ?? 0) - 1;
    const target = event.key === 'Escape' ? -1 : cursorAfter(event, this.cursor, last);
    if (target === undefined) return;
    event.preventDefault();
    this.cursor = target;
  };

  private readonly onPoint = (event: PointerEvent): void => {
    const { left, top } = (event.currentTarget as Element).getBoundingClientRect();
    if (this.picture) this.cursor = stopNear(this.picture, event.clientX - left, event.clientY - top);
  };

  private readonly leave = (): void => {
    this.cursor = -1;
  };
}

/** Where a picture is read: a line over its height, or a ring around a point. */
function cursorAt({ x, y }: Stop, [top, bottom]: Picture['reach']): TemplateResult {
  return y === undefined
    ? svg`<line class="cursor" x1=${x} x2=${x} y1=${top} y2=${bottom}></line>`
    : svg`<circle class="cursor" cx=${x} cy=${y} r="6"></circle>`;
}

function painted(mark: Mark): TemplateResult {
  const names = `${mark.kind} ${mark.ink}`;
  switch (mark.kind) {
    case 'line':
      return svg`<polyline class=${names} points=${listed(mark.points)} stroke-width=${mark.width ?? 1}
        stroke-dasharray=${mark.dashed ? '4 3' : nothing}></polyline>`;
    case 'area':
      return svg`<polygon class=${names} points=${listed(mark.points)}></polygon>`;
    case 'dot':
      return svg`<circle class=${names} cx=${mark.at[0]} cy=${mark.at[1]} r=${mark.radius}
        fill-opacity=${mark.opacity ?? nothing}></circle>`;
    case 'words': {
      const [x, y] = mark.at;
      return svg`<text class=${mark.bold ? `${names} bold` : names} x=${x} y=${y} font-size=${FONT_SIZE}
        text-anchor=${mark.anchor} transform=${mark.turned ? `rotate(-90 ${x} ${y})` : nothing}>${mark.text}</text>`;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'picture-figure': PictureFigure;
  }
}
