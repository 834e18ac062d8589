import { html, nothing, type TemplateResult } from 'lit';
import { modelName } from '../../src/core/common/modelName';
import type { AblationRun, SteerSubject } from '../../src/protocol/pages/steer';
import { identityLine } from '../common/identityLine';
import { icon, iconButton } from '../common/widgets';
import { request } from '../common/wishes';

/** Which model is run, against which profile, and that the unchanged model is what it should be. */
export function steerHeader({ model, profile }: SteerSubject, run: AblationRun | null): TemplateResult {
  const openPrompts = (event: Event): void => {
    const { prompt, neurons } = run!.setup;
    request(event.currentTarget as Element, { type: 'openPrompts', prompts: [prompt, prompt], neurons });
  };
  return html`<header class="header">
    <div class="header-first">
      <h1 class="words">Ablate and steer</h1>
      <span class="grow"></span>
      ${run ? iconButton('list-ordered', 'What wrote this token', openPrompts, { text: 'What wrote this token' }) : nothing}
    </div>
    <div class="header-second">
      <span
        >${icon('circuit-board')}${modelName(model.model)}${model.dtype === undefined ? '' : ` · ${model.dtype}`}</span
      >
      <span>${icon('files')}${profile ? profile.name : 'without a profile'}</span>
      ${run ? identityLine(run.answer.identity) : nothing}
    </div>
  </header>`;
}
