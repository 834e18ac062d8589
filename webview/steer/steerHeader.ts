import { html, nothing, type TemplateResult } from 'lit';
import { modelName } from '../../src/core/common/modelName';
import type { AblationRun, SteerSubject } from '../../src/protocol/pages/steer';
import { identityLine } from '../common/identityLine';
import { icon } from '../common/widgets';

/** Which model is run, against which profile, and that the unchanged model is what it should be. */
export function steerHeader({ model, profile }: SteerSubject, run: AblationRun | null): TemplateResult {
  return html`<header class="header">
    <div class="header-first"><h1 class="words">Ablate and steer</h1></div>
    <div class="header-second">
      <span
        >${icon('circuit-board')}${modelName(model.model)}${model.dtype === undefined ? '' : ` · ${model.dtype}`}</span
      >
      <span>${icon('files')}${profile ? profile.name : 'without a profile'}</span>
      ${run ? identityLine(run.answer.identity) : nothing}
    </div>
  </header>`;
}
