import { html, nothing, type TemplateResult } from 'lit';
import { formatValue } from '../../../src/core/common/numberFormat';
import type { PromptToken } from '../../../src/protocol/ablationQuestionSchema';
import type { SteerSetup, SteerSubject, Strength } from '../../../src/protocol/pages/steer';
import { dropDown, segments } from '../../common/choices';
import '../../common/tokenToggles';
import './changedNeurons';
import { choiceRefusal, hasDecoderText, takesAmount, takesUnit } from './question';

/** What the form shows, and whom it tells of a change. */
export interface FormContent {
  readonly setup: SteerSetup;
  readonly subject: SteerSubject;
  readonly pinned: readonly string[];
  /** The tokens of the prompt as it is, once they are known. */
  readonly tokens: readonly PromptToken[] | null;
  /** What the profile knows of the chosen neurons, in their order. */
  readonly strengths: readonly Strength[];
  readonly running: boolean;
  readonly change: (part: Partial<SteerSetup>) => void;
  readonly run: () => void;
  readonly stop: () => void;
}

const OPERATION_LABELS: Readonly<Record<SteerSetup['operation'], string>> = {
  ...{ mean: 'Mean', zero: 'Zero', value: 'Value', scale: 'Scale ×', add: 'Add', clamp: 'Clamp' },
  resample: 'Resample',
};

/** The prompt and the neurons on the left; what they are set to, and where, on the right. */
export function setupForm(content: FormContent): TemplateResult {
  const { setup, change } = content;
  return html`<div class="setup">
    <div class="setup-words">
      ${promptField('Prompt', setup.prompt, (prompt) => change({ prompt, chosen: [] }))}
      ${
        hasDecoderText(setup)
          ? promptField('What the decoder has written so far', setup.decoderPrompt, (decoderPrompt) =>
              change({ decoderPrompt, chosen: [] }),
            )
          : nothing
      }
      ${setup.place === 'chosen' ? tokenChoice(content) : nothing}
      <div class="form-group">
        <span class="form-label">Neurons</span>
        <changed-neurons
          .neurons=${setup.neurons}
          .pinned=${content.pinned}
          .background=${content.subject}
          @neurons-chosen=${({ detail }: CustomEvent<string[]>) => change({ neurons: detail })}
        ></changed-neurons>
      </div>
    </div>
    <div class="setup-values">${operationFields(content)} ${placeFields(content)}</div>
  </div>`;
}

function promptField(label: string, text: string, onType: (text: string) => void): TemplateResult {
  return html`<label class="form-group"
    ><span class="form-label">${label}</span
    ><textarea
      class="field"
      rows="3"
      spellcheck="false"
      .value=${text}
      @input=${(event: Event) => onType((event.currentTarget as HTMLTextAreaElement).value)}
    ></textarea>
  </label>`;
}

function tokenChoice({ setup, tokens, change }: FormContent): TemplateResult {
  const refusal = choiceRefusal(setup);
  if (refusal !== null) return html`<p class="hint">${refusal}</p>`;
  if (!tokens)
    return html`<p class="hint">The tokens of the prompt are shown here as soon as they are known.</p>`;
  const toggle = (token: number): void => {
    const { chosen } = setup;
    change({
      chosen: chosen.includes(token) ? chosen.filter((other) => other !== token) : [...chosen, token],
    });
  };
  return html`<div class="form-group">
    <span class="form-label">Tokens at which the neurons are set</span>
    <token-toggles
      .text=${setup.prompt}
      .tokens=${tokens}
      .pressed=${setup.chosen}
      .label=${'Tokens of the prompt. Arrow keys move, Enter chooses a token, Escape clears.'}
      @token-toggled=${({ detail }: CustomEvent<number>) => toggle(detail)}
      @tokens-cleared=${() => change({ chosen: [] })}
    ></token-toggles>
  </div>`;
}

function operationFields(content: FormContent): TemplateResult {
  const { setup, subject, strengths, change } = content;
  const { operation, unit } = setup;
  const offered = (Object.keys(OPERATION_LABELS) as SteerSetup['operation'][]).filter(
    (value) => subject.profile !== null || (value !== 'mean' && value !== 'resample'),
  );
  const [only] = strengths.length === 1 ? strengths : [];
  const shownMean = operation === 'mean' && only ? formatValue(only.mean) : '';
  return html`<div class="form-group">
    <span class="form-label">Set the value to</span>
    ${segments(
      'Set the value to',
      offered.map((value) => ({ value, label: OPERATION_LABELS[value] })),
      operation,
      (value) => change({ operation: value }),
    )}
    <div class="amounts">
      ${
        takesAmount(operation)
          ? numberField(operation === 'clamp' ? 'Lower bound' : 'Amount', setup.amount, (amount) =>
              change({ amount }),
            )
          : shownMean === ''
            ? nothing
            : html`<input class="field number" type="text" aria-label="Mean" .value=${shownMean} disabled />`
      }
      ${operation === 'clamp' ? numberField('Upper bound', setup.upper, (upper) => change({ upper })) : nothing}
      ${
        takesUnit(operation) && subject.profile
          ? segments(
              'Unit of the amount',
              [
                { value: 'own', label: 'own units' },
                { value: 'quantile', label: '× q99.9' },
              ],
              unit,
              (value) => change({ unit: value }),
            )
          : nothing
      }
    </div>
    <p class="hint">${hintOf(content)}</p>
  </div>`;
}

/** What the chosen operation means, in a line. */
function hintOf({ setup, subject, strengths }: FormContent): string {
  const profile = subject.profile ? `the profile “${subject.profile.name}”` : '';
  const known = setup.neurons.flatMap((id, at) => {
    const quantile = strengths[at]?.quantile;
    return quantile === undefined ? [] : [`q99.9 of ${id} is ${formatValue(quantile)}.`];
  });
  const sizes = known.length === 0 ? '' : ` ${known.slice(0, 3).join(' ')}`;
  switch (setup.operation) {
    case 'mean':
      return `Corpus mean of each neuron, from ${profile}.`;
    case 'zero':
      return subject.profile
        ? 'Zero can be a value that the neuron never takes.'
        : 'Zero can be a value that the neuron never takes. Means, stored values and quantiles need a profile of this model.';
    case 'value':
      return `One value for all chosen neurons.${sizes}`;
    case 'scale':
      return 'Each neuron’s own value times this factor.';
    case 'add':
      return `This amount is added to each neuron’s own value.${sizes}`;
    case 'clamp':
      return `Values beyond a bound are set to it.${sizes}`;
    case 'resample':
      return `At each token one of the values that ${profile} stored at random places, drawn by the seed.`;
  }
}

function placeFields({ setup, change, running, run, stop }: FormContent): TemplateResult {
  return html`<div class="form-group">
    <span class="form-label">At</span>
    <div class="run-line">
      ${dropDown(
        'At',
        [
          { value: 'all', label: 'All tokens' },
          { value: 'from', label: 'From token n on' },
          { value: 'last', label: 'Last token only' },
          { value: 'chosen', label: 'Tokens chosen in the prompt' },
        ],
        setup.place,
        (place) => change({ place }),
      )}
      ${setup.place === 'from' ? numberField('First token, from 0', setup.from, (from) => change({ from })) : nothing}
      <button type="button" class="button" title="Run (Ctrl+Enter)" @click=${run}>Run</button>
      ${
        running
          ? html`<button type="button" class="button secondary" @click=${stop}>Stop</button>`
          : html`<span class="key-caps" aria-hidden="true"><kbd>Ctrl</kbd><kbd>Enter</kbd></span>`
      }
    </div>
    <div class="run-line">
      ${labelledNumber('Controls', setup.controls, (controls) => change({ controls }))}
      ${labelledNumber('Seed', setup.seed, (seed) => change({ seed }))}
    </div>
  </div>`;
}

/** A field for a number with its name before it. */
export function labelledNumber(label: string, text: string, onType: (text: string) => void): TemplateResult {
  return html`<label class="labelled">${label} ${numberInput(text, onType, nothing)}</label>`;
}

function numberField(label: string, text: string, onType: (text: string) => void): TemplateResult {
  return numberInput(text, onType, label);
}

function numberInput(
  text: string,
  onType: (text: string) => void,
  label: string | typeof nothing,
): TemplateResult {
  return html`<input
    class="field number"
    type="text"
    inputmode="decimal"
    autocomplete="off"
    aria-label=${label}
    .value=${text}
    @input=${(event: Event) => onType((event.currentTarget as HTMLInputElement).value)}
  />`;
}
