import { html, type TemplateResult } from 'lit';
import { inOneLine } from '../../src/core/common/foreignText';
import { formatAuroc, formatShare, formatValue } from '../../src/core/common/numberFormat';
import type { ConceptNeuron } from '../../src/core/concepts/conceptResults';
import { section } from '../common/widgets';

/** A neuron's figures at the threshold of half A, on half B, and against the concept's hard negatives. */
export function thresholdTable(row: ConceptNeuron, sibling: string | undefined): TemplateResult {
  const { threshold, precision, recall, meanDifference, siblingAuroc } = row;
  const rows: [name: string, value: string][] = [
    [`Threshold, at or ${row.auroc < 0.5 ? 'below' : 'above'}`, formatValue(threshold)],
    ['Precision', formatShare(precision)],
    ['Recall', formatShare(recall)],
    ['Difference of means, standard deviations', formatValue(meanDifference)],
  ];
  if (siblingAuroc !== undefined && sibling !== undefined) {
    rows.push([`AUROC against ${inOneLine(sibling)} alone`, formatAuroc(siblingAuroc)]);
  }
  return section(
    'At the best threshold',
    html`<span class="dim">chosen on A, held on B</span>`,
    html`<table class="pairs">
      <caption class="hidden-text">
        Figures of ${row.id} at the threshold
      </caption>
      <tbody>
        ${rows.map(
          ([name, value]) =>
            html`<tr>
              <th scope="row" class="words">${name}</th>
              <td class="number">${value}</td>
            </tr>`,
        )}
      </tbody>
    </table>`,
  );
}
