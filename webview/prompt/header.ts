import { html, nothing, type TemplateResult } from 'lit';
import { modelName } from '../../src/core/common/modelName';
import { formatValue } from '../../src/core/common/numberFormat';
import type { ShownComparison, ShownPrompts } from '../../src/protocol/pages/prompt';
import { identityLine } from '../common/identityLine';
import '../common/exportMenu';
import type { ExportEntry } from '../common/exportMenu';
import { badge, icon, iconButton } from '../common/widgets';
import { request, type Wish } from '../common/wishes';

/**
 * Which model the prompts are given to, and what may be done with them.
 * @param onAdd null where there is no room for another prompt
 * @param ablation of the neuron that colours; null without one
 */
export function promptHeader(
  { model, profile }: ShownPrompts,
  comparison: ShownComparison | null,
  onAdd: (() => void) | null,
  ablation: Wish | null,
  exports: readonly ExportEntry[],
): TemplateResult {
  const ablate = (event: Event): void => request(event.currentTarget as Element, ablation!);
  const identity = comparison?.answer.patch?.identity;
  return html`<header class="header">
    <div class="header-first">
      <h1 class="words">Prompts</h1>
      <span class="grow"></span>
      ${ablation ? iconButton('beaker', 'Ablate and steer', ablate, { text: 'Ablate and steer…' }) : nothing}
      ${onAdd ? iconButton('add', 'Add a prompt', onAdd, { text: 'Add a prompt' }) : nothing}
      <export-menu .entries=${exports}></export-menu>
    </div>
    <div class="header-second">
      <span
        >${icon('circuit-board')}${modelName(model.id)}${model.dtype === null ? '' : ` · ${model.dtype}`}</span
      >
      ${profile ? html`<span>${icon('files')}Scales: ${profile.name}</span>` : nothing}
      ${identity === undefined ? nothing : identityLine(identity)}
      ${
        comparison
          ? html`<span
              >${badge(`${formatValue(comparison.seconds)} s`, { icon: 'watch', title: 'Time of the last edit' })}</span
            >`
          : nothing
      }
    </div>
  </header>`;
}
