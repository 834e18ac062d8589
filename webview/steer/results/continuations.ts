import { html, nothing, type TemplateResult } from 'lit';
import { formatCount } from '../../../src/core/common/numberFormat';
import type { AblationRun, SteerSetup } from '../../../src/protocol/pages/steer';
import { segments } from '../../common/choices';
import { visibleText } from '../../common/tokenText';
import { iconButton, section } from '../../common/widgets';
import { request } from '../../common/wishes';
import type { Written } from '../ablationRunner';
import { labelledNumber } from '../setup/setupForm';
import { firstDifference } from './difference';

/** What the section shows, and whom it tells of a change. */
export interface ContinuationContent {
  readonly setup: SteerSetup;
  readonly run: AblationRun | null;
  /** What is written so far, while it is. */
  readonly written: Written | null;
  readonly change: (part: Partial<SteerSetup>) => void;
}

/** How the prompt goes on, without and with the change. */
export function continuations(content: ContinuationContent): TemplateResult {
  const { setup, run, written, change } = content;
  const sampled = setup.sampling === 'sampled';
  const controls = html`${segments(
    'Sampling',
    [
      { value: 'greedy', label: 'Greedy' },
      { value: 'sampled', label: 'Sampled' },
    ],
    setup.sampling,
    (sampling) => change({ sampling }),
  )}
  ${
    sampled
      ? html`${labelledNumber('Temperature', setup.temperature, (temperature) => change({ temperature }))}
        ${labelledNumber('Top-p', setup.topP, (topP) => change({ topP }))}`
      : nothing
  }
  ${labelledNumber('Tokens', setup.tokens, (tokens) => change({ tokens }))}`;
  const texts = written ?? run?.answer.generated ?? null;
  return section(
    'Continuations',
    controls,
    texts && run ? sideBySide(run.setup, texts, written !== null) : html`<p class="hint">${absent(run)}</p>`,
  );
}

function absent(run: AblationRun | null): string {
  return run
    ? 'None was asked for. Give a number of tokens, and run.'
    : 'Run, and the text is gone on with by the model as it is, and with the neurons changed.';
}

function sideBySide(setup: SteerSetup, texts: Written, isGrowing: boolean): TemplateResult {
  const same = firstDifference(texts.before, texts.after);
  // While the second is still to come, what it has not reached yet is no difference.
  const differs = !isGrowing || (texts.after.length > same && texts.before.length > same);
  const from = differs ? same : Infinity;
  const differ = texts.before !== texts.after;
  return html`<div class="both">
      ${side('Before', 'unchanged model', setup.prompt, texts.before, from)}
      ${side('After', settingWords(setup), setup.prompt, texts.after, from)}
    </div>
    <p class="remark" aria-live="polite" aria-busy=${isGrowing}>
      ${
        isGrowing
          ? 'Being written.'
          : `${formatCount(texts.before.length)} and ${formatCount(texts.after.length)} characters. ${
              differ ? 'Underlined from the first word that differs.' : 'Both are the same.'
            }`
      }
      ${placeWords(setup)} ${setup.sampling === 'sampled' ? `Both sides draw by seed ${setup.seed}.` : ''}
    </p>`;
}

function side(name: string, what: string, prompt: string, text: string, from: number): TemplateResult {
  const copy = (event: Event): void =>
    request(event.currentTarget as Element, {
      type: 'copyText',
      text: prompt + text,
      what: `the text ${name.toLowerCase()}`,
    });
  const differing = text.slice(from);
  return html`<div class="side">
    <div class="side-head">
      <b>${name}</b><span class="dim">${what}</span
      ><span class="grow"></span> ${iconButton('copy', `Copy the text ${name.toLowerCase()}`, copy)}
    </div>
    <div class="heat token-box" dir="auto" tabindex="0" role="group" aria-label="${name}: ${what}">
      <span class="text"
        ><span class="dim">${visibleText(prompt, true)}</span
        >${text === '' ? nothing : visibleText(text.slice(0, from), true)}${
          differing === '' ? nothing : html`<span class="differing">${visibleText(differing, true)}</span>`
        }</span
      >
    </div>
  </div>`;
}

/** What was done to the neurons, in a few words. */
export function settingWords({ neurons, operation, amount, upper, unit }: SteerSetup): string {
  const names =
    neurons.length > 4
      ? `${neurons.slice(0, 3).join(', ')} and ${neurons.length - 3} more`
      : neurons.join(', ');
  const size = `${amount.trim()}${unit === 'quantile' ? ' × q99.9' : ''}`;
  const words: Readonly<Record<SteerSetup['operation'], string>> = {
    mean: neurons.length === 1 ? 'at its mean' : 'at their means',
    zero: 'at 0',
    value: `at ${size}`,
    scale: `× ${amount.trim()}`,
    add: `+ ${size}`,
    clamp: `between ${amount.trim()} and ${upper.trim()}`,
    resample: 'resampled',
  };
  return `${names} ${words[operation]}`;
}

function placeWords({ place, from }: SteerSetup): string {
  switch (place) {
    case 'all':
      return 'The neurons are set at every new token too.';
    case 'from':
      return `The neurons are set from token ${from.trim()} on, at every new token too.`;
    case 'last':
      return 'The neurons are set at the last token of the prompt alone.';
    case 'chosen':
      return 'The neurons are set at the chosen tokens alone.';
  }
}
