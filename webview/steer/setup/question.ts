import { formatPositions, formatSetting, type Positions, type Setting } from '../../../src/core/cause/change';
import { formatNeuron, formatSite, parseNeuron } from '../../../src/core/common/neuronAddress';
import { formatCount } from '../../../src/core/common/numberFormat';
import type { AskedAblation } from '../../../src/protocol/ablationQuestionSchema';
import type { SteerSetup, SteerSubject } from '../../../src/protocol/pages/steer';

/** What a setup is before anything is typed. */
export const FIRST_SETUP: SteerSetup = {
  ...{ prompt: '', decoderPrompt: '', neurons: [] },
  ...{ operation: 'mean', amount: '0', upper: '1', unit: 'own' },
  ...{ place: 'all', from: '0', chosen: [] },
  ...{ controls: '20', seed: '1' },
  ...{ sampling: 'greedy', temperature: '0.8', topP: '0.95', tokens: '40' },
};

/** Tokens that a continuation may have, and rows that controls may be. */
const MOST_TOKENS = 200;
const MOST_CONTROLS = 200;

/** Why something cannot be asked. */
export interface Refusal {
  readonly refusal: string;
}

type Background = Pick<SteerSubject, 'profile' | 'layers'>;

/** Which operations need what a profile knows of a neuron. */
export function needsProfile({ operation, unit }: Pick<SteerSetup, 'operation' | 'unit'>): boolean {
  return operation === 'mean' || operation === 'resample' || (takesUnit(operation) && unit === 'quantile');
}

/** Whether an amount may be counted in the neuron's own quantile. */
export function takesUnit(operation: SteerSetup['operation']): boolean {
  return operation === 'value' || operation === 'add';
}

/** Whether an operation has an amount. */
export function takesAmount(operation: SteerSetup['operation']): boolean {
  return takesUnit(operation) || operation === 'scale' || operation === 'clamp';
}

/** The setup without what only a profile knows. */
export function withoutProfile(setup: SteerSetup): SteerSetup {
  const operation = setup.operation === 'mean' || setup.operation === 'resample' ? 'zero' : setup.operation;
  return { ...setup, operation, unit: 'own' };
}

/** Whether a neuron is of an encoder–decoder, whose decoder has a text of its own. */
export function hasDecoderText({ neurons }: SteerSetup): boolean {
  return neurons.some((id) => {
    const part = parseNeuron(id)?.part ?? 'model';
    return part !== 'model';
  });
}

/** Why tokens cannot be chosen by the pointer; null where they can. */
export function choiceRefusal({ neurons }: SteerSetup): string | null {
  const isOfDecoder = neurons.some((id) => parseNeuron(id)?.part === 'decoder');
  return isOfDecoder
    ? 'Neurons of a decoder are set at tokens of its own text, which begins with one that is not written: say from which token on, or take all or the last.'
    : null;
}

/** The address of a neuron as it is written, or why what was typed is none that the page's profile has. */
export function addressOf(typed: string, { layers }: Background): { readonly id: string } | Refusal {
  const address = parseNeuron(typed);
  if (!address)
    return { refusal: `“${typed.trim()}” is no neuron. Type an address such as L3.N652, 3.652 or 3/652.` };
  const id = formatNeuron(address);
  if (!layers) return { id };
  const layer = layers.find(({ site }) => site === formatSite(address));
  if (!layer) {
    return {
      refusal: `There is no ${id}: the profile has the layers ${layers[0]?.site ?? ''} to ${layers.at(-1)?.site ?? ''}.`,
    };
  }
  if (address.neuron < layer.neurons) return { id };
  return { refusal: `There is no ${id}: ${layer.site} has neurons 0 to ${formatCount(layer.neurons - 1)}.` };
}

/** What a setup asks of the engine, or the first thing that is amiss with it. */
export function questionOf(setup: SteerSetup, background: Background): AskedAblation | Refusal {
  const { prompt, decoderPrompt, sampling } = setup;
  if (prompt === '') return { refusal: 'The prompt is empty. Type the text that the model is to read.' };
  const changed = changedOf(setup, background);
  if ('refusal' in changed) return changed;
  const positions = positionsOf(setup);
  if ('refusal' in positions) return positions;
  const numbers = {
    tokens: whole(setup.tokens, 'The number of tokens of a continuation', 0, MOST_TOKENS),
    temperature: sampling === 'greedy' ? 0 : above(setup.temperature, 'The temperature', 100),
    topP: sampling === 'greedy' ? 1 : above(setup.topP, 'Top-p', 1),
  };
  const amiss = Object.values(numbers).find((number) => typeof number === 'object');
  if (amiss) return amiss;
  const { tokens, temperature, topP } = numbers as Record<keyof typeof numbers, number>;
  return {
    text: prompt,
    ...(hasDecoderText(setup) && { decoderText: decoderPrompt }),
    ...changed,
    at: formatPositions(positions.positions),
    generation: tokens === 0 ? null : { tokens, temperature, topP },
  };
}

/** The changes that a setup asks for, with their controls, on whatever text; or the first thing that is amiss. */
export function changedOf(
  setup: SteerSetup,
  background: Background,
): Pick<AskedAblation, 'changes' | 'controls' | 'seed'> | Refusal {
  const { neurons } = setup;
  if (neurons.length === 0)
    return { refusal: 'No neuron is chosen. Add one by its address, such as L3.N652.' };
  const setting = settingOf(setup, background.profile?.id ?? null);
  if ('refusal' in setting) return setting;
  const controls = whole(setup.controls, 'The number of controls', 0, MOST_CONTROLS);
  if (typeof controls === 'object') return controls;
  const seed = whole(setup.seed, 'The seed', 0, Number.MAX_SAFE_INTEGER);
  if (typeof seed === 'object') return seed;
  return { changes: neurons.map((id) => `${id}${formatSetting(setting)}`), controls, seed };
}

function settingOf(setup: SteerSetup, profile: string | null): Setting | Refusal {
  const { operation, unit } = setup;
  if (profile === null && needsProfile(setup)) {
    return {
      refusal:
        'Means, stored values and quantiles come from a profile, and this page has none. Choose another value.',
    };
  }
  if (operation === 'mean' || operation === 'resample') return { kind: operation, profile: profile ?? '' };
  if (operation === 'zero') return { kind: 'value', number: 0, quantileOf: null };
  const number = numberIn(setup.amount);
  if (number === null)
    return { refusal: `“${setup.amount}” is no number. Type one such as 0, −1.5 or 2e-3.` };
  const quantileOf = unit === 'quantile' ? profile : null;
  if (operation === 'value') return { kind: 'value', number, quantileOf };
  if (operation === 'add') return { kind: 'amount', number, quantileOf };
  if (operation === 'scale') return { kind: 'factor', number };
  const high = numberIn(setup.upper);
  if (high === null) return { refusal: `“${setup.upper}” is no number. Type the upper bound, such as 1.` };
  if (high < number)
    return { refusal: `The lower bound ${number} is above the upper bound ${high}. Exchange them.` };
  return { kind: 'clamp', low: number, high };
}

function positionsOf(setup: SteerSetup): { readonly positions: Positions } | Refusal {
  const { place, from, chosen } = setup;
  if (place === 'all' || place === 'last') return { positions: place };
  if (place === 'chosen') {
    const refusal = choiceRefusal(setup);
    if (refusal !== null) return { refusal };
    if (chosen.length > 0) return { positions: [...chosen].sort((a, b) => a - b) };
    return { refusal: 'No token is chosen. Choose some in the prompt, or set the neurons at all tokens.' };
  }
  const first = whole(from, 'The token to begin from', 0, Number.MAX_SAFE_INTEGER);
  return typeof first === 'number' ? { positions: { from: first } } : first;
}

/** A number as people type it, with a minus sign of either kind. @returns null where it is none, or not finite */
export function numberIn(typed: string): number | null {
  const text = typed.trim().replace('−', '-');
  const number = Number(text);
  return text === '' || !Number.isFinite(number) ? null : number;
}

/** A whole number as people type it, or why it is none between two bounds. */
export function whole(typed: string, name: string, least: number, most: number): number | Refusal {
  const number = numberIn(typed);
  if (number !== null && Number.isInteger(number) && number >= least && number <= most) return number;
  const bounds = most === Number.MAX_SAFE_INTEGER ? `from ${least} on` : `from ${least} to ${most}`;
  return { refusal: `${name} must be a whole number ${bounds}; “${typed}” is none.` };
}

function above(typed: string, name: string, most: number): number | Refusal {
  const number = numberIn(typed);
  if (number !== null && number > 0 && number <= most) return number;
  return { refusal: `${name} must be a number above 0 and at most ${most}; “${typed}” is none.` };
}
