import { html, type TemplateResult } from 'lit';
import { inOneLine } from '../../src/core/common/foreignText';
import { request } from './wishes';

/** The name of a concept, which opens its page. */
export function conceptLink(concept: string): TemplateResult {
  const name = inOneLine(concept);
  const open = (event: Event): void => {
    event.preventDefault();
    request(event.currentTarget as Element, { type: 'openConcept', concept });
  };
  return html`<a class="words" href="#" title="Open the concept ${name}" @click=${open}>${name}</a>`;
}

/** The name of a concept, where somebody can open its page as a link. */
export function conceptName(concept: string, isLinked: boolean): TemplateResult | string {
  return isLinked ? conceptLink(concept) : inOneLine(concept);
}
