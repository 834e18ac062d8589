import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { NeuronFacts } from '../../../src/core/profile/neuronPage';
import { request } from '../../common/wishes';
import { LightElement } from '../../common/lightElement';
import { PAPER, readThemeColours } from '../../common/themeColours';
import { distributionOf } from '../distribution/distribution';
import type { ExampleSource } from '../examples/exampleSource';

interface Entry {
  readonly label: string;
  readonly run: () => void | Promise<void>;
}

/** "Export": pictures of the histogram, the examples, the page. Pictures are light unless asked otherwise. */
@customElement('export-menu')
export class ExportMenu extends LightElement {
  @property({ attribute: false }) facts!: NeuronFacts;
  @property({ attribute: false }) source!: ExampleSource;
  @state() private open = false;
  @query('[aria-haspopup]') private readonly button!: HTMLElement | null;

  /** Opens the menu and moves the focus into it. */
  show(): void {
    this.open = true;
    void this.updateComplete.then(() => this.items()[0]?.focus());
  }

  protected override render(): TemplateResult {
    return html`<span class="menu-anchor" @keydown=${this.onKey} @focusout=${this.onFocusOut}>
      <button
        type="button"
        class="icon-button"
        title="Export (E)"
        aria-label="Export"
        aria-haspopup="menu"
        aria-expanded=${this.open}
        @click=${() => (this.open ? (this.open = false) : this.show())}
      >
        <i class="codicon codicon-export" aria-hidden="true"></i><span class="label">Export</span>
      </button>
      ${
        this.open
          ? html`<div class="menu" role="menu" aria-label="Export">
              ${this.entries().map((entry) =>
                entry === null
                  ? html`<hr role="separator" />`
                  : html`<button
                      type="button"
                      role="menuitem"
                      tabindex="-1"
                      @click=${() => this.choose(entry)}
                    >
                      ${entry.label}
                    </button>`,
              )}
            </div>`
          : nothing
      }
    </span>`;
  }

  private entries(): (Entry | null)[] {
    const { id } = this.facts.neuron;
    const distribution = distributionOf(this.facts, 'full');
    const png = async (colours = PAPER): Promise<void> => {
      const { histogramPng } = await import('../distribution/histograms');
      this.save('png', histogramPng(distribution, colours), 'base64');
    };
    const svg = async (): Promise<void> => {
      const { histogramSvg } = await import('./pageExports');
      this.save('svg', histogramSvg(distribution, PAPER));
    };
    const markdown = async (): Promise<string> => {
      const [{ pageAsMarkdown }, page] = await Promise.all([import('./pageExports'), this.source.whole()]);
      return pageAsMarkdown(page);
    };
    const csv = async (): Promise<string> => {
      const [{ examplesAsCsv }, page] = await Promise.all([import('./pageExports'), this.source.whole()]);
      return examplesAsCsv(page);
    };
    return [
      { label: 'Histogram as PNG', run: () => png() },
      { label: 'Histogram as PNG in the current theme', run: () => png(readThemeColours()) },
      { label: 'Histogram as SVG', run: svg },
      null,
      { label: 'Examples as CSV', run: async () => this.save('csv', await csv()) },
      {
        label: 'Everything as JSON',
        run: async () => this.save('json', JSON.stringify(await this.source.whole(), null, 2)),
      },
      { label: 'Page as Markdown', run: async () => this.save('md', await markdown()) },
      null,
      {
        label: 'Copy page as Markdown',
        run: async () => request(this, { type: 'copyText', text: await markdown(), what: `page of ${id}` }),
      },
    ];
  }

  private save(extension: string, content: string, encoding: 'utf-8' | 'base64' = 'utf-8'): void {
    const suggestedName = `${this.facts.neuron.id.replace(':', '-')}.${extension}`;
    request(this, { type: 'saveFile', suggestedName, encoding, content });
  }

  private choose(entry: Entry): void {
    this.open = false;
    this.button?.focus();
    void entry.run();
  }

  private items(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>('[role=menuitem]')];
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (!this.open) return;
    const items = this.items();
    const at = items.findIndex((item) => item === document.activeElement);
    const target = {
      ArrowDown: (at + 1) % items.length,
      ArrowUp: (at - 1 + items.length) % items.length,
      Home: 0,
      End: items.length - 1,
    }[event.key];
    if (event.key === 'Escape') {
      this.open = false;
      this.button?.focus();
    } else if (target === undefined) return;
    else items[target]?.focus();
    event.preventDefault();
  };

  private readonly onFocusOut = (event: FocusEvent): void => {
    if (!this.contains(event.relatedTarget as Node | null)) this.open = false;
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'export-menu': ExportMenu;
  }
}
