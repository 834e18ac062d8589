import { html, nothing, type TemplateResult } from 'lit';
import { formatCount } from '../../src/core/common/numberFormat';
import { nameFigures } from '../../src/core/concepts/neuronMeaning';
import type { FirstNeuron } from '../../src/core/overview/firstNeurons';
import type { OverviewAnswer } from '../../src/core/overview/overviewAnswer';
import type { ShownToken } from '../../src/core/stats/strongestTokens';
import { conceptLink } from '../common/conceptLink';
import { neuronLink } from '../common/neuronLink';
import { tokenChip } from '../common/tokenText';
import { section } from '../common/widgets';

/** Neurons that are shown until more are asked for. */
export const FIRST_SHOWN = 10;

type Tokens = ReadonlyMap<string, readonly ShownToken[]>;

/** The neurons worth looking at first, each with its reason, and what the columns mean. */
export function firstNeuronsSection(
  { first, named }: Pick<OverviewAnswer, 'first' | 'named'>,
  tokens: Tokens,
  all: boolean,
  showAll: () => void,
): TemplateResult {
  const shown = all ? first : first.slice(0, FIRST_SHOWN);
  const left = first.length - shown.length;
  const more =
    left === 0
      ? nothing
      : html`<button type="button" class="link" @click=${showAll}>Show ${formatCount(left)} more</button>`;
  const hasNames = named !== null;
  return section(
    'Worth looking at first',
    more,
    html`<table class="lines first" role="table">
        <caption class="hidden-text">
          Neurons worth looking at first
        </caption>
        <thead role="rowgroup">
          <tr role="row">
            <th scope="col" role="columnheader">Neuron</th>
            ${hasNames ? html`<th scope="col" role="columnheader">Goes with</th>` : nothing}
            <th scope="col" role="columnheader">Strongest tokens</th>
            <th scope="col" role="columnheader">Why it is here</th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          ${shown.map((neuron) => row(neuron, hasNames, tokens.get(neuron.id)))}
        </tbody>
      </table>
      <ul class="column-key">
        ${columnKey(hasNames).map(([column, meaning]) => html`<li><b>${column}:</b> ${meaning}</li>`)}
      </ul>`,
  );
}

function row(
  { id, name, why }: FirstNeuron,
  hasNames: boolean,
  tokens: readonly ShownToken[] | undefined,
): TemplateResult {
  const meaning = name
    ? html`${conceptLink(name.concept)}${name.auroc < 0.5 ? ' (low values)' : nothing}
        <span class="figures">${nameFigures(name)}</span>`
    : html`<span class="dim">no name</span>`;
  return html`<tr role="row">
    <td role="cell">${neuronLink(id)}</td>
    ${hasNames ? html`<td role="cell" class="meaning">${meaning}</td>` : nothing}
    <td role="cell">
      <span class="chips" aria-busy=${tokens === undefined}>${tokens?.map(tokenOf)}</span>
    </td>
    <td role="cell" class="why">${why}</td>
  </tr>`;
}

function tokenOf({ token, tokenId }: ShownToken): TemplateResult {
  return tokenChip(token === '' ? `#${tokenId}` : token);
}

function columnKey(hasNames: boolean): [column: string, meaning: string][] {
  return [
    ...(hasNames
      ? [
          [
            'Goes with',
            'the concept that its high values mark, measured on held-out documents; AUROC 0.5 is chance, 1 is perfect.',
          ] satisfies [string, string],
        ]
      : []),
    [
      'Strongest tokens',
      'those that hold most of its largest values within the top 1 %. · is a space, ⏎ a line break.',
    ],
    ['Why it is here', 'the rule that put it on this list, with its figure.'],
  ];
}
