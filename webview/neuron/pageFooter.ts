import { html, nothing, type TemplateResult } from 'lit';
import { formatCount } from '../../src/core/common/numberFormat';
import type { NeuronFacts } from '../../src/core/profile/neuronPage';
import { caution } from '../common/widgets';
import { request } from '../common/wishes';
import { manifestTable } from '../common/manifestTable';

/** What a reader must not conclude, and how the numbers were made. */
export function pageFooter({ neuron, manifest, stats }: NeuronFacts, date: string): TemplateResult {
  const ablate = (event: Event): void =>
    request(event.currentTarget as Element, { type: 'openAblation', neuron: neuron.id, text: null });
  const { nonFinite } = stats.excluded;
  return html`<footer class="footer">
    <div class="cautions">
      ${caution(
        'symbol-ruler',
        'Context matters:',
        `values come from ${formatCount(manifest.plan.window)}-token windows.`,
      )}
      ${caution('layers', 'One neuron, several meanings:', 'read the bands, not only the top.')}
      ${caution(
        'eye',
        'Observed, not causal:',
        html`<button type="button" class="link" @click=${ablate}>test with an ablation</button>.`,
      )}
      ${
        nonFinite > 0
          ? caution(
              'warning',
              `NaN (${formatCount(nonFinite)}):`,
              'values that are no numbers are counted apart and never coloured.',
            )
          : nothing
      }
    </div>
    ${manifestTable(manifest, date)}
  </footer>`;
}
