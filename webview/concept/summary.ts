import { html, type TemplateResult } from 'lit';
import { inOneLine } from '../../src/core/common/foreignText';
import { formatAuroc, formatCount, formatShare } from '../../src/core/common/numberFormat';
import { conceptMethod, conceptSummary } from '../../src/core/concepts/conceptSummary';
import type { ShownConcept } from '../../src/protocol/pages/concept';
import { note } from '../common/widgets';
import { withNeuronLink } from '../common/neuronLink';

/** The verdict, the figures that it rests on, how it was decided, and how much there was to decide with. */
export function summarySection({ concept, names, run, labeller }: ShownConcept): TemplateResult {
  const { verdict, sentence, neuron } = conceptSummary(concept, names);
  const spokenOf = verdict.includes(neuron ?? '\n') ? null : neuron;
  return html`<section class="section" aria-label="Summary">
      ${
        concept.refused === null
          ? html`<p class="lead">
              <b>${withNeuronLink(verdict, neuron)}</b> ${withNeuronLink(sentence, spokenOf)}
            </p>`
          : note('warning', html`<b>Refused.</b> ${inOneLine(sentence)}`, 'circle-slash')
      }
      <details class="decided">
        <summary>How was this decided?</summary>
        <ul class="method">
          ${conceptMethod(concept, run, labeller).map((line) => html`<li>${inOneLine(line)}</li>`)}
        </ul>
      </details>
    </section>
    ${facts(concept)}`;
}

function facts({ positives, documents, share, chanceMaximum }: ShownConcept['concept']): TemplateResult {
  const shown: [value: string, name: string][] = [
    [`${formatCount(positives.a)} | ${formatCount(positives.b)}`, 'positives in half A | B'],
    [`${formatCount(documents.a)} | ${formatCount(documents.b)}`, 'documents with one, A | B'],
    [formatShare(share), 'of tokens'],
  ];
  if (chanceMaximum !== null) {
    shown.push([formatAuroc(0.5 + chanceMaximum), 'AUROC of the best by chance']);
  }
  return html`<ul class="facts" aria-label="How much there is">
    ${shown.map(([value, name]) => html`<li><b>${value}</b> <span>${name}</span></li>`)}
  </ul>`;
}
