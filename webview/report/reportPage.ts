import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { corpusSize } from '../../src/core/common/corpusSize';
import { formatDate } from '../../src/core/common/dateFormat';
import { inOneLine } from '../../src/core/common/foreignText';
import { modelName } from '../../src/core/common/modelName';
import { formatCount, formatShare, formatValue } from '../../src/core/common/numberFormat';
import { shortMeaning } from '../../src/core/concepts/neuronMeaning';
import type { NeuronPage } from '../../src/core/profile/neuronPage';
import type { ReportData } from '../../src/core/report/reportDocument';
import { STATISTICS } from '../../src/core/stats/statistics';
import { LightElement } from '../common/lightElement';
import { activationNames } from '../common/modelNames';
import { badge, failedSelfTestNote, icon, section, selfTestBadge, unknownWordsNote } from '../common/widgets';
import { tokenChips } from '../common/tokenText';
import { pageFooter } from '../neuron/pageFooter';
import './reportNeuron';

/** A report: which profile, a table of the chosen neurons, their pages, and how the run was made. */
@customElement('report-page')
export class ReportPage extends LightElement {
  @property({ attribute: false }) data!: ReportData;

  protected override render(): TemplateResult {
    const { data } = this;
    const [first] = data.pages;
    if (!first) return html`<div class="page page-message"><p>This report holds no neuron.</p></div>`;
    const date = formatDate(first.manifest.created, navigator.language);
    return html`<div class="page report">
      ${reportHeader(data, first, date)} ${failedSelfTestNote(first.manifest.selfTest)}
      ${unknownWordsNote(first.manifest.corpus)}
      ${section('Neurons', html`<span class="dim">${formatCount(data.pages.length)} of this profile</span>`, contents(data))}
      ${data.pages.map((page) => html`<report-neuron id=${page.neuron.id} .page=${page} .profile=${data.profile}></report-neuron>`)}
      ${pageFooter(first, date)}
    </div>`;
  }
}

function reportHeader(data: ReportData, { manifest }: NeuronPage, date: string): TemplateResult {
  const { model, corpus, state } = manifest;
  return html`<header class="report-header">
    <h1 class="words">Neurons of ${data.profile}</h1>
    <div class="header-second">
      <span
        >${icon('circuit-board')}${modelName(model.id)} · ${activationNames(model.activation)} ·
        ${model.dtype}</span
      >
      <span>${icon('files')}${corpusSize(corpus)}</span>
      <span>${icon('history')}${date}</span>
      <span class="badges"
        >${
          state === 'complete'
            ? badge('Complete', { icon: 'pass' })
            : badge('Partial', { icon: 'circle-large', tone: 'warning' })
        }${selfTestBadge(manifest.selfTest)}</span
      >
    </div>
  </header>`;
}

/** The table of contents: each neuron in one line. */
function contents({ pages }: ReportData): TemplateResult {
  const tested = pages.some(({ conceptTests }) => conceptTests !== null);
  return html`<div class="sideways">
    <table class="lines contents">
      <caption class="hidden-text">
        Neurons of this report
      </caption>
      <thead>
        <tr>
          <th scope="col">Neuron</th>
          <th scope="col">Reading</th>
          ${tested ? html`<th scope="col">Goes with</th>` : nothing}
          <th scope="col">Strongest tokens</th>
          <th scope="col" class="number">Maximum</th>
          <th scope="col" class="number" title=${STATISTICS.density.meaning}>Density</th>
          <th scope="col" class="number" title=${STATISTICS.topShare.meaning}>Top share</th>
          <th scope="col" class="number">Kurtosis</th>
        </tr>
      </thead>
      <tbody>
        ${pages.map(
          ({ neuron, reading, stats, strongestTokens, name }) =>
            html`<tr>
              <th scope="row"><a class="neuron-link" href="#${neuron.id}">${neuron.id}</a></th>
              <td>${reading.words.join(', ')}</td>
              ${tested ? html`<td>${name ? inOneLine(shortMeaning(name)) : '–'}</td>` : nothing}
              <td>${tokenChips(strongestTokens)}</td>
              <td class="number">${formatValue(stats.max)}</td>
              <td class="number">${formatShare(stats.density.share)}</td>
              <td class="number">${formatShare(stats.topShare)}</td>
              <td class="number">${formatValue(stats.kurtosis)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'report-page': ReportPage;
  }
}
