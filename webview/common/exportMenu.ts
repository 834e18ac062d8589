import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { LightElement } from './lightElement';

/** Something to export; null draws a line between groups. */
export type ExportEntry = { readonly label: string; readonly run: () => void | Promise<void> } | null;

/** "Export": what a page can be saved and copied as. */
@customElement('export-menu')
export class ExportMenu extends LightElement {
  @property({ attribute: false }) entries: readonly ExportEntry[] = [];
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
              ${this.entries.map((entry) =>
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

  private choose(entry: NonNullable<ExportEntry>): void {
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
