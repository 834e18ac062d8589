import { html, nothing, type TemplateResult } from 'lit';
import { formatCount } from '../../src/core/common/numberFormat';

export interface Tab<Name extends string> {
  readonly name: Name;
  readonly label: string;
  readonly count?: number;
  readonly title?: string;
}

/**
 * A row of tabs, one tab stop; Left and Right move and select. The panel carries the id `<scope>-panel` and is
 * labelled by `<scope>-<name>`.
 */
export function tabRow<Name extends string>(
  scope: string,
  label: string,
  tabs: readonly Tab<Name>[],
  chosen: Name,
  onChoose: (name: Name) => void,
): TemplateResult {
  const onKey = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined || event.altKey) return;
    event.preventDefault();
    const buttons = [...(event.currentTarget as Element).querySelectorAll<HTMLElement>('[role=tab]')];
    const at = tabs.findIndex((tab) => tab.name === chosen);
    const target = (at + step + tabs.length) % tabs.length;
    buttons[target]?.focus();
    const tab = tabs[target];
    if (tab) onChoose(tab.name);
  };
  return html`<div class="tabs" role="tablist" aria-label=${label} @keydown=${onKey}>
    ${tabs.map(
      (tab) =>
        html`<button
          type="button"
          class="tab"
          role="tab"
          id="${scope}-${tab.name}"
          aria-controls=${tab.name === chosen ? `${scope}-panel` : nothing}
          aria-selected=${tab.name === chosen}
          tabindex=${tab.name === chosen ? 0 : -1}
          title=${tab.title ?? nothing}
          @click=${() => onChoose(tab.name)}
        >
          ${tab.label}${tab.count === undefined ? nothing : html`<span class="count">${formatCount(tab.count)}</span>`}
        </button>`,
    )}
  </div>`;
}
