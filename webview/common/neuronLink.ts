import { html, type TemplateResult } from 'lit';
import { inOneLine } from '../../src/core/common/foreignText';
import { request } from './wishes';

/** A neuron's id, which opens its page. */
export function neuronLink(neuron: string): TemplateResult {
  const open = (event: Event): void => {
    event.preventDefault();
    event.stopPropagation();
    request(event.currentTarget as Element, { type: 'openNeuron', neuron });
  };
  return html`<a class="neuron-link" href="#" title="Open ${neuron}" @click=${open}>${neuron}</a>`;
}

/** A sentence with the one neuron that it speaks of as a link. */
export function withNeuronLink(text: string, neuron: string | null): (TemplateResult | string)[] {
  const at = neuron === null ? -1 : text.indexOf(neuron);
  if (neuron === null || at < 0) return [inOneLine(text)];
  return [inOneLine(text.slice(0, at)), neuronLink(neuron), inOneLine(text.slice(at + neuron.length))];
}
