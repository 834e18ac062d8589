import { html, nothing, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import type { AblationAnswer } from '../../../src/core/cause/ablationAnswer';
import { effectFigures } from '../../../src/core/cause/ablationFigures';
import type { AblationRun, SteerSetup } from '../../../src/protocol/pages/steer';
import { pairedKeys } from '../../common/tokenShifts';
import { withVisibleBreaks } from '../../common/tokenText';
import { note, section } from '../../common/widgets';
import type { Written } from '../ablationRunner';
import { hasDecoderText } from '../setup/question';
import { continuations, settingWords } from './continuations';
import { controlsSection } from './controlsSection';
import { tokenChanges } from './tokenChanges';

/** What came of a run, and of what is set up. */
export interface ResultContent {
  readonly setup: SteerSetup;
  readonly run: AblationRun | null;
  /** Continuations as far as they are written, while they are. */
  readonly written: Written | null;
  readonly change: (part: Partial<SteerSetup>) => void;
  readonly useMany: (controls: number) => void;
}

const OUTPUT_TITLES: Readonly<Record<AblationAnswer['output'], string>> = {
  next: 'Next token',
  mask: 'Token at the mask',
  classes: 'Classes',
  hidden: 'Hidden states',
};

/** Figures, next token beside the controls, continuations, tokens. */
export function results(content: ResultContent): TemplateResult {
  const { run, useMany } = content;
  if (!run) return continuations(content);
  const { answer } = run;
  return html`${earlier(content)} ${answer.notices.map((notice) => note('info', html`${notice}`))}
  ${guard([run], () => figures(run, useMany))} ${answer.output === 'next' ? continuations(content) : nothing}
  ${guard([run], () => (answer.next.length > 0 ? tokenChanges(run) : nothing))}
  ${note(
    'info',
    html`A change shows that the model uses these neurons on this prompt; it is a lower bound, because later
    layers repair. No change is a result too.`,
  )}`;
}

/** Made anew for another run only: what is read in a picture by the keys is not lost to what is typed elsewhere. */
function figures(run: AblationRun, useMany: ResultContent['useMany']): TemplateResult {
  const { answer } = run;
  return html`<ul class="facts">
      ${effectFigures(answer).map(({ figure, label }) => html`<li><b>${figure}</b><span>${label}</span></li>`)}
    </ul>
    <div class="columns">
      <div class="column">${answer.next.length > 0 ? shifts(run) : tokenChanges(run)}</div>
      <div class="column">${controlsSection(run, useMany)}</div>
    </div>`;
}

function earlier({ run, setup }: ResultContent): TemplateResult | typeof nothing {
  if (!run || !isOfEarlierSetup(run, setup)) return nothing;
  return html`<p class="hint">
    What follows is of the last run: ${settingWords(run.setup)}. Run again for what is set up now.
  </p>`;
}

/** Whether the results are of another setup than the one that stands in the form. */
function isOfEarlierSetup({ setup: ran }: AblationRun, now: SteerSetup): boolean {
  return (Object.keys(now) as (keyof SteerSetup)[]).some((key) => String(ran[key]) !== String(now[key]));
}

function shifts({ answer, setup }: AblationRun): TemplateResult {
  const title = OUTPUT_TITLES[answer.output];
  const text = hasDecoderText(setup) ? setup.decoderPrompt : setup.prompt;
  const end = text.length > 24 ? `…${text.slice(-24)}` : text;
  return section(
    title,
    html`${answer.output === 'next' && end !== '' ? html`<span class="dim">after “${withVisibleBreaks(end)}”</span>` : nothing}
    ${pairedKeys('before', 'after')}`,
    html`<token-shifts
      .rows=${answer.next}
      .what=${answer.output === 'classes' ? 'Class' : 'Token'}
      .caption=${`${title}: probabilities before and after, the likeliest before first`}
    ></token-shifts>`,
  );
}
