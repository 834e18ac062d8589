import { html, nothing, type TemplateResult } from 'lit';
import { inOneLine } from '../../../src/core/common/foreignText';
import { formatQ, formatRatio, formatShare, formatSignedRatio } from '../../../src/core/common/numberFormat';
import type { NeuronMeaning } from '../../../src/core/concepts/neuronMeaning';
import { icon, section } from '../../common/widgets';
import { conceptRows, testedSentence, type ShownConcept } from './conceptRows';
import { intervalPlot } from './intervalPlot';

/** The concepts that the neuron was measured for, with what a name takes. Nothing where none were tested. */
export function conceptTable(meaning: NeuronMeaning): TemplateResult | typeof nothing {
  if (!meaning.conceptTests) return nothing;
  const rows = conceptRows(meaning);
  return section(
    'Concepts',
    html`<span class="dim">held-out documents</span>`,
    rows.length > 0 ? table(rows) : nothing,
    html`<p class="remark">
        ${meaning.name ? nothing : html`<b>No concept above 0.8.</b> `}${testedSentence(meaning)} A name needs
        AUROC over 0.8, AP 0.5 or more, selectivity over 0.2, q under 0.05. AUROC under 0.5: low values go
        with the concept.
      </p>
      <p class="remark">
        One neuron can have several meanings, a concept can be spread over many neurons, and what the corpus
        lacks cannot be found.
      </p>`,
  );
}

function table(rows: readonly ShownConcept[]): TemplateResult {
  return html`<div class="sideways">
    <table class="lines concepts">
      <caption class="hidden-text">
        Concepts
      </caption>
      <thead>
        <tr>
          <th scope="col">Concept</th>
          <th scope="col">AUROC (95 % CI)</th>
          <th scope="col" class="number" title="Average precision">AP</th>
          <th
            scope="col"
            class="number"
            title="AUROC less that of the best neuron for shuffled labels of the same prevalence"
          >
            Select.
          </th>
          <th scope="col" class="number" title="Rate of false discoveries, Benjamini–Hochberg">q</th>
          <th scope="col" class="number" title="Share of the tokens that carry the concept">Tokens</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(line)}
      </tbody>
    </table>
  </div>`;
}

function line({ row, isName, isNested }: ShownConcept): TemplateResult {
  const nested = isNested
    ? html`<span class="dim" title="Explains less than ${inOneLine(row.under ?? '')}"
        >${icon('indent')}
      </span>`
    : nothing;
  const name = isName
    ? html`<b>${inOneLine(row.name)}</b> ${icon('tag')}<span class="hidden-text">its name</span>`
    : inOneLine(row.name);
  return html`<tr>
    <th scope="row" class="words ${row.named ? '' : 'dim'}">${nested}${name}</th>
    <td>${intervalPlot(row)}</td>
    <td class="number">${formatRatio(row.ap)}</td>
    <td class="number">${formatSignedRatio(row.selectivity)}</td>
    <td class="number">${formatQ(row.q)}</td>
    <td class="number">${formatShare(row.share)}</td>
  </tr>`;
}
