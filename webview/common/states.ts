import { html, type TemplateResult } from 'lit';
import { request } from './wishes';
import { note } from './widgets';

/** Grey bars in place of what is coming. */
export function loadingState(subject: string): TemplateResult {
  return html`<div class="page">
    <div class="loading" role="status" aria-label="Loading ${subject}">
      ${['short', 'long', 'long', 'middle'].map((length) => html`<div class="loading-bar ${length}"></div>`)}
      <div class="loading-block"></div>
      ${['long', 'middle', 'long'].map((length) => html`<div class="loading-bar ${length}"></div>`)}
    </div>
  </div>`;
}

/** What went wrong, with the log one click away. */
export function errorState(message: string): TemplateResult {
  return html`<div class="page page-message">
    ${note(
      'error',
      html`${message}
        <button
          type="button"
          class="link"
          @click=${(event: Event) => request(event.currentTarget as Element, { type: 'showLog' })}
        >
          Show log
        </button>`,
    )}
  </div>`;
}
