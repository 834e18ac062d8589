import { html, nothing, type TemplateResult } from 'lit';
import { selfTestLabel, selfTestSentence, type SelfTest } from '../../src/core/common/selfTest';
import { unknownWordsSentence } from '../../src/core/common/unknownWords';
import type { Manifest } from '../../src/core/profile/manifest';

/** A codicon by name; always beside words or under an `aria-label`. */
export function icon(name: string): TemplateResult {
  return html`<i class="codicon codicon-${name}" aria-hidden="true"></i>`;
}

/** A small state label such as "Complete"; `tone` is yellow for caution, red for a loss. */
export function badge(
  text: string,
  options: { icon?: string; tone?: 'warning' | 'error'; title?: string } = {},
): TemplateResult {
  return html`<span class="badge ${options.tone ?? ''}" title=${options.title ?? nothing}
    >${options.icon ? icon(options.icon) : nothing}${text}</span
  >`;
}

/** How the self-test of the model went; nothing where none was made. */
export function selfTestBadge(selfTest: SelfTest | null): TemplateResult | typeof nothing {
  if (selfTest === null) return nothing;
  const title = selfTestSentence(selfTest);
  if (selfTest.passed === null) return badge(selfTestLabel(selfTest), { icon: 'question', title });
  return selfTest.passed
    ? badge(selfTestLabel(selfTest), { icon: 'verified', title })
    : badge(selfTestLabel(selfTest), { icon: 'error', tone: 'error', title });
}

/** A clause as a sentence of its own. */
export function asSentence(clause: string): string {
  return `${clause.charAt(0).toUpperCase()}${clause.slice(1)}.`;
}

/** An edged note inside the page. Errors are announced. */
export function note(
  tone: 'info' | 'warning' | 'error',
  content: TemplateResult,
  iconName = { info: 'info', warning: 'circle-large', error: 'error' }[tone],
): TemplateResult {
  return html`<div class="note ${tone}" role=${tone === 'error' ? 'alert' : nothing}>
    ${icon(iconName)}
    <div>${content}</div>
  </div>`;
}

/** What is off where the self-test of the model failed. */
export function failedSelfTestNote(selfTest: SelfTest | null): TemplateResult | typeof nothing {
  if (selfTest?.passed !== false) return nothing;
  return note('error', html`<b>The self-test of the model failed.</b> ${selfTestSentence(selfTest)}`);
}

/** What is said where much of the corpus is unknown to the model's vocabulary. */
export function unknownWordsNote(corpus: Manifest['corpus']): TemplateResult | typeof nothing {
  const sentence = unknownWordsSentence(corpus);
  return sentence === null ? nothing : note('warning', html`${sentence}`);
}

/** A section with its heading on the left and its controls on the right. */
export function section(
  title: string,
  controls: TemplateResult | typeof nothing,
  ...content: (TemplateResult | typeof nothing)[]
): TemplateResult {
  return html`<section class="section" aria-label=${title}>
    <div class="section-head">
      <h2>${title}</h2>
      <span class="grow"></span>
      ${controls}
    </div>
    ${content}
  </section>`;
}

/** A button that shows an icon, and words where there is room. */
export function iconButton(
  iconName: string,
  label: string,
  onClick: (event: Event) => void,
  options: { text?: string; key?: string; pressed?: boolean } = {},
): TemplateResult {
  return html`<button
    type="button"
    class="icon-button"
    title=${options.key ? `${label} (${options.key})` : label}
    aria-label=${label}
    aria-pressed=${options.pressed ?? nothing}
    @click=${onClick}
  >
    ${icon(iconName)}${options.text ? html`<span class="label">${options.text}</span>` : nothing}
  </button>`;
}

/** What a reader must not conclude, in the foot of a page. */
export function caution(iconName: string, head: string, rest: string | TemplateResult): TemplateResult {
  return html`<span
    >${icon(iconName)}<span><b>${head}</b> ${rest}</span></span
  >`;
}
