import { html, nothing, type TemplateResult } from 'lit';
import { inOneLine } from '../../src/core/common/foreignText';
import { formatCount } from '../../src/core/common/numberFormat';
import type { ConceptResult } from '../../src/core/concepts/conceptResults';
import type { Half } from '../../src/core/concepts/statistics/halves';
import { NEEDED } from '../../src/core/concepts/statistics/naming';
import type { ShownConcept } from '../../src/protocol/pages/concept';
import { conceptLink } from '../common/conceptLink';
import { section } from '../common/widgets';

const HALVES: readonly [Half, string][] = [
  ['a', 'A, to choose neurons'],
  ['b', 'B, to report them'],
];

/** What a refused concept has and needs in each half. */
export function refusedNeeds({ positives, documents }: ConceptResult): TemplateResult {
  return section(
    'What there is',
    nothing,
    html`<table class="lines needs">
      <caption class="hidden-text">
        Positives and documents in each half
      </caption>
      <thead>
        <tr>
          <th scope="col">Half</th>
          <th scope="col" class="number">Positives</th>
          <th scope="col" class="number">Needed</th>
          <th scope="col" class="number">Documents</th>
          <th scope="col" class="number">Needed</th>
        </tr>
      </thead>
      <tbody>
        ${HALVES.map(
          ([half, name]) =>
            html`<tr>
              <th scope="row">${name}</th>
              <td class="number">${formatCount(positives[half])}</td>
              <td class="number dim">${NEEDED.positives}</td>
              <td class="number">${formatCount(documents[half])}</td>
              <td class="number dim">${NEEDED.documents}</td>
            </tr>`,
        )}
      </tbody>
    </table>`,
    html`<p class="remark">
      A larger corpus may hold enough. Documents are dealt to the halves by a seeded draw, never by their
      content.
    </p>`,
  );
}

/** What else the same run refused, and why. */
export function refusedOthers(refused: ShownConcept['refused']): TemplateResult | typeof nothing {
  if (refused.length === 0) return nothing;
  return section(
    'Also refused in this run',
    nothing,
    html`<table class="lines">
      <caption class="hidden-text">
        Refused concepts
      </caption>
      <thead>
        <tr>
          <th scope="col">Concept</th>
          <th scope="col">Reason</th>
        </tr>
      </thead>
      <tbody>
        ${refused.map(
          ({ name, reason }) =>
            html`<tr>
              <th scope="row">${conceptLink(name)}</th>
              <td class="dim words">${inOneLine(reason)}</td>
            </tr>`,
        )}
      </tbody>
    </table>`,
  );
}
