import { html, nothing, type TemplateResult } from 'lit';
import type { ConceptResult, ControlWinner } from '../../src/core/concepts/conceptResults';
import { intervalPlot } from '../common/intervalPlot';
import { section } from '../common/widgets';
import { neuronLink } from './neuronLink';

/** The concept's winner beside those of the labellings that mean nothing; each chooses its own on half A. */
export function controlsTable({ control, neurons }: ConceptResult): TemplateResult | typeof nothing {
  const [best] = neurons;
  if (!best || !control) return nothing;
  return section(
    'Controls',
    nothing,
    html`<table class="lines controls">
        <caption class="hidden-text">
          Best AUROC of the concept and its controls on half B
        </caption>
        <thead>
          <tr>
            <th scope="col">Labels</th>
            <th scope="col">AUROC (95 % CI)</th>
            <th scope="col" class="number">Best</th>
          </tr>
        </thead>
        <tbody>
          ${line(html`<b>The concept</b>`, best)} ${line('Shuffled labels', control)}
        </tbody>
      </table>
      <p class="remark">
        Shuffled labels keep each token's type. The control chooses its own winner on half A; what the
        concept's winner has above it is the selectivity. On the command line,
        <code>concepts --control</code> tests the same model with shuffled weights, its token embedding alone
        or another profile.
      </p>`,
  );
}

function line(name: TemplateResult | string, winner: ControlWinner): TemplateResult {
  return html`<tr>
    <th scope="row">${name}</th>
    <td>${intervalPlot(winner)}</td>
    <td class="number">${neuronLink(winner.id)}</td>
  </tr>`;
}
