import { html, type TemplateResult } from 'lit';
import { afterPaint } from './afterPaint';

export interface Choice<Value extends string> {
  readonly value: Value;
  readonly label: string;
}

/** Loaded behind the first list, which stays empty until then. */
let elements: Promise<unknown> | undefined;

/** Two or three choices side by side; Left and Right move and select. */
export function segments<Value extends string>(
  label: string,
  choices: readonly Choice<Value>[],
  chosen: Value,
  onChoose: (value: Value) => void,
): TemplateResult {
  const onKey = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const buttons = [...(event.currentTarget as Element).querySelectorAll('button')];
    const target = buttons[buttons.findIndex((button) => button === document.activeElement) + (step ?? 0)];
    if (step === undefined || target === undefined) return;
    event.preventDefault();
    target.focus();
    target.click();
  };
  return html`<div class="segments" role="radiogroup" aria-label=${label} @keydown=${onKey}>
    ${choices.map(
      (choice) =>
        html`<button
          type="button"
          role="radio"
          aria-checked=${choice.value === chosen}
          tabindex=${choice.value === chosen ? 0 : -1}
          @click=${() => onChoose(choice.value)}
        >
          ${choice.label}
        </button>`,
    )}
  </div>`;
}

/** A drop-down list of choices. */
export function dropDown<Value extends string>(
  label: string,
  choices: readonly Choice<Value>[],
  chosen: Value,
  onChoose: (value: Value) => void,
): TemplateResult {
  elements ??= afterPaint().then(() => import('./dropDownElements'));
  const onChange = (event: Event): void => {
    const { value } = event.currentTarget as HTMLElement & { value: string };
    const choice = choices.find((candidate) => candidate.value === value);
    if (choice) onChoose(choice.value);
  };
  return html`<vscode-single-select .label=${label} .value=${chosen} @change=${onChange}>
    ${choices.map(
      (choice) =>
        html`<vscode-option value=${choice.value} ?selected=${choice.value === chosen}
          >${choice.label}</vscode-option
        >`,
    )}
  </vscode-single-select>`;
}
