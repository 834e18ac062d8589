import { html, type TemplateResult } from 'lit';
import type { ShownEvidence } from '../../src/core/concepts/conceptReading';
import type { ConceptNeuron, ManyNeurons } from '../../src/core/concepts/conceptResults';
import {
  formatAuroc,
  formatCount,
  formatRatio,
  formatShare,
  formatValue,
} from '../../src/core/common/numberFormat';
import type { Quantity } from '../../src/core/onnx/site';
import { quantityName } from '../common/modelNames';
import { classPicture } from './pictures/classPicture';
import { manyPicture, togetherOf, togetherWords } from './pictures/manyPicture';
import type { Size } from '../common/pictures/picture';
import '../common/pictures/pictureFigure';
import { rocPairs, rocPicture } from './pictures/rocPicture';

const key = (kind: string, words: string): TemplateResult =>
  html`<span class="key"><i class=${kind}></i>${words}</span>`;

/** The values of both classes on half B. */
export function classFigure(evidence: ShownEvidence, row: ConceptNeuron, quantity: Quantity): TemplateResult {
  const { edges, positives, others } = evidence.histogram;
  const title = `${quantityName(quantity)} of ${evidence.id}`;
  return html`<picture-figure
    .heading="${evidence.id} on both classes"
    .remark=${'half B'}
    .description="Histograms of ${evidence.id}: ${formatCount(evidence.counts.hits + evidence.counts.misses)} tokens of the concept and the other tokens, from ${formatValue(edges[0]!)} to ${formatValue(edges.at(-1)!)}."
    .draw=${(size: Size) => classPicture(evidence, row, title, size)}
    .table=${() => ({
      head: ['From', 'To', 'Of the concept', 'Other tokens'],
      rows: positives.map((count, bar) => [
        formatValue(edges[bar]!),
        formatValue(edges[bar + 1]!),
        formatCount(count),
        formatCount(others[bar]!),
      ]),
    })}
    .caption=${html`<span class="keys"
      >${key('bars', 'of the concept')}${key('step', 'other tokens')}<span>counts on a log axis</span></span
    >`}
  ></picture-figure>`;
}

/** @param others tokens of half B that do not carry the concept */
export function rocFigure(evidence: ShownEvidence, row: ConceptNeuron, others: number): TemplateResult {
  const pairs = rocPairs(evidence.roc);
  return html`<picture-figure
    .heading=${'ROC curve'}
    .remark="${evidence.id}, half B${row.auroc < 0.5 ? ', low values' : ''}"
    .description="ROC curve of ${evidence.id} on half B, AUROC ${formatAuroc(row.auroc)}, average precision ${formatRatio(row.ap)}."
    .height=${250}
    .draw=${(size: Size) => rocPicture(pairs, row, evidence.counts.falseAlarms / others, size)}
    .table=${() => ({
      head: ['False alarms', 'Hits'],
      rows: pairs.map(([alarms, hits]) => [formatShare(alarms), formatShare(hits)]),
    })}
  ></picture-figure>`;
}

/** How much several neurons reach together. */
export function manyFigure(many: ManyNeurons): TemplateResult {
  const all = togetherOf(many);
  return html`<picture-figure
      .heading=${'How many neurons does it take'}
      .remark=${''}
      .description="AUROC on half B by number of neurons: ${all.map(togetherWords).join('; ')}."
      .height=${180}
      .draw=${(size: Size) => manyPicture(many, size)}
      .table=${() => ({
        head: ['Neurons', 'AUROC', 'AP', 'Shuffled'],
        rows: all.map(({ name, auroc, ap, shuffled }) => [
          name,
          formatAuroc(auroc),
          formatRatio(ap),
          shuffled === null ? '–' : formatAuroc(shuffled),
        ]),
      })}
      .caption=${html`<span class="keys">${key('line', 'concept')}${key('dashes', 'shuffled labels')}</span>`}
    ></picture-figure>
    <p class="remark after-figure">
      Logistic regression on half A with an L1 penalty that may use so many of the chosen
      neurons${many.whole ? ', of a whole layer with an L2 penalty' : ''}; measured on half B. Coefficients
      are not read as causes.
    </p>`;
}
