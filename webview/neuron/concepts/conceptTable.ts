import { html, nothing, type TemplateResult } from 'lit';
import { inOneLine } from '../../../src/core/common/foreignText';
import { formatQ, formatRatio, formatShare, formatSignedRatio } from '../../../src/core/common/numberFormat';
import { NAME_BARS } from '../../../src/core/concepts/conceptSummary';
import { NO_NAME, type NeuronMeaning } from '../../../src/core/concepts/neuronMeaning';
import { conceptName } from '../../common/conceptLink';
import { intervalPlot } from '../../common/intervalPlot';
import { asSentence, icon, section } from '../../common/widgets';
import { conceptRows, testedSentence, type ConceptInTable } from './conceptRows';

/**
 * The concepts that the neuron was measured for, with what a name takes. Nothing where none were tested.
 * @param isLinked whether somebody can open their pages
 */
export function conceptTable(meaning: NeuronMeaning, isLinked: boolean): TemplateResult | typeof nothing {
  if (!meaning.conceptTests) return nothing;
  const rows = conceptRows(meaning);
  return section(
    'Concepts',
    html`<span class="dim">held-out documents</span>`,
    rows.length > 0 ? table(rows, isLinked) : nothing,
    html`<p class="remark">
        ${meaning.name ? nothing : html`<b>${asSentence(NO_NAME)}</b> `}${testedSentence(meaning)}
        ${NAME_BARS} AUROC under 0.5: low values go with the concept.
      </p>
      <p class="remark">
        One neuron can have several meanings, a concept can be spread over many neurons, and what the corpus
        lacks cannot be found.
      </p>`,
  );
}

function table(rows: readonly ConceptInTable[], isLinked: boolean): TemplateResult {
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
        </tr>
      </thead>
      <tbody>
        ${rows.map((row) => line(row, isLinked))}
      </tbody>
    </table>
  </div>`;
}

function line({ row, isName, isNested }: ConceptInTable, isLinked: boolean): TemplateResult {
  const nested = isNested
    ? html`<span class="dim" title="Explains less than ${inOneLine(row.under ?? '')}"
        >${icon('indent')}
      </span>`
    : nothing;
  const name = isName
    ? html`<b>${conceptName(row.name, isLinked)}</b> ${icon('tag')}<span class="hidden-text">its name</span>`
    : conceptName(row.name, isLinked);
  return html`<tr>
    <th scope="row" class="words ${row.named ? '' : 'dim'}">
      ${nested}${name}
      <span class="share" title="Share of the tokens that carry the concept"
        >${formatShare(row.share)} of tokens</span
      >
    </th>
    <td>${intervalPlot(row)}</td>
    <td class="number">${formatRatio(row.ap)}</td>
    <td class="number">${formatSignedRatio(row.selectivity)}</td>
    <td class="number">${formatQ(row.q)}</td>
  </tr>`;
}
