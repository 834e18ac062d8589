import { html, nothing, type TemplateResult } from 'lit';
import type { ShownConcept } from '../../src/protocol/pages/concept';
import { conceptLink } from '../common/conceptLink';
import { section } from '../common/widgets';

/** Concepts that this one is nested with, and the one that it is likeliest to be taken for. */
export function relatedConcepts({ concept, nested }: ShownConcept): TemplateResult | typeof nothing {
  const wider = [...new Set(concept.neurons.flatMap(({ under }) => (under === null ? [] : [under])))];
  const rows: [name: string, concept: string][] = [
    ...wider.map((name): [string, string] => ['Explains more of a neuron', name]),
    ...nested.map((name): [string, string] => ['Nested with it, explains less', name]),
    ...(concept.sibling === undefined
      ? []
      : [['Likeliest to be taken for it', concept.sibling] as [string, string]]),
  ];
  if (rows.length === 0) return nothing;
  return section(
    'Related concepts',
    nothing,
    html`<table class="pairs">
      <caption class="hidden-text">
        Related concepts
      </caption>
      <tbody>
        ${rows.map(
          ([name, other]) =>
            html`<tr>
              <th scope="row">${name}</th>
              <td>${conceptLink(other)}</td>
            </tr>`,
        )}
      </tbody>
    </table>`,
  );
}
