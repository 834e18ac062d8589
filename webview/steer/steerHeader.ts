import { html, nothing, type TemplateResult } from 'lit';
import { modelName } from '../../src/core/common/modelName';
import type { AblationRun, SteerSubject } from '../../src/protocol/pages/steer';
import '../common/exportMenu';
import { identityLine } from '../common/identityLine';
import { icon, iconButton } from '../common/widgets';
import { request } from '../common/wishes';
import { ablationEntries } from './export/ablationEntries';

/** Which model is run, against which profile, and that the unchanged model is what it should be. */
export function steerHeader(subject: SteerSubject, run: AblationRun | null): TemplateResult {
  const { model, profile } = subject;
  return html`<header class="header">
    <div class="header-first">
      <h1 class="words">Ablate and steer</h1>
      <span class="grow"></span>
      ${run?.answer.output === 'next' && profile ? promptsLink(run) : nothing}
      ${run ? html`<export-menu .entries=${ablationEntries(run, subject)}></export-menu>` : nothing}
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

/** The page on which the same prompt is taken apart: what wrote its next token. */
function promptsLink({ setup: { prompt, neurons } }: AblationRun): TemplateResult {
  const open = (event: Event): void =>
    request(event.currentTarget as Element, { type: 'openPrompts', prompts: [prompt, prompt], neurons });
  return iconButton('list-ordered', 'What wrote this token', open, { text: 'What wrote this token' });
}
