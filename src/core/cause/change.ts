import { parseNeuron, type NeuronAddress } from '../common/neuronAddress';

/** What becomes of one neuron: min(max(h · scale + shift, low), high), at the tokens that are meant. */
export interface Change {
  readonly address: NeuronAddress;
  readonly scale: number;
  /** One number, or one for each token. */
  readonly shift: number | Float32Array;
  readonly low: number;
  readonly high: number;
}

/** The quantile that strengths are counted in. */
export const STRENGTH_QUANTILE = 0.999;

/** As a user writes it: `L3.N652=0`, and where a number or a profile stands for it. */
export type Setting =
  | { readonly kind: 'value' | 'amount'; readonly number: number; readonly quantileOf: string | null }
  | { readonly kind: 'factor'; readonly number: number }
  | { readonly kind: 'clamp'; readonly low: number; readonly high: number }
  | { readonly kind: 'mean' | 'resample'; readonly profile: string };

const NUMBER = String.raw`[+-]?\d*\.?\d+(?:e[+-]?\d+)?`;
const SET_TO = new RegExp(`^=(${NUMBER})$`, 'i');
const SET_TO_QUANTILE = new RegExp(`^(=|\\+|-)(${NUMBER})q:(.+)$`, 'i');
const TIMES = new RegExp(`^\\*(${NUMBER})$`, 'i');
const PLUS = new RegExp(`^([+-]\\d*\\.?\\d+(?:e[+-]?\\d+)?)$`, 'i');
const CLAMP = new RegExp(`^=clamp:(${NUMBER}):(${NUMBER})$`, 'i');
const FROM_PROFILE = /^=(mean|resample):(.+)$/i;

/**
 * Reads what follows the neuron: `=0`, `*2`, `+1.5`, `=clamp:0:1`, `=mean:DIR`, `=resample:DIR`, and in units of the
 * neuron's 99.9 % quantile in a profile `=1q:DIR` and `+0.5q:DIR`.
 * @returns null where it is none of these
 */
export function parseSetting(text: string): Setting | null {
  const quantile = SET_TO_QUANTILE.exec(text);
  if (quantile) {
    const [, sign, number, profile] = quantile;
    const size = Number(number) * (sign === '-' ? -1 : 1);
    return { kind: sign === '=' ? 'value' : 'amount', number: size, quantileOf: profile! };
  }
  const value = SET_TO.exec(text) ?? null;
  if (value) return { kind: 'value', number: Number(value[1]), quantileOf: null };
  const factor = TIMES.exec(text);
  if (factor) return { kind: 'factor', number: Number(factor[1]) };
  const amount = PLUS.exec(text);
  if (amount) return { kind: 'amount', number: Number(amount[1]), quantileOf: null };
  const clamp = CLAMP.exec(text);
  if (clamp && Number(clamp[1]) <= Number(clamp[2])) {
    return { kind: 'clamp', low: Number(clamp[1]), high: Number(clamp[2]) };
  }
  const stored = FROM_PROFILE.exec(text);
  if (stored) return { kind: stored[1]!.toLowerCase() as 'mean' | 'resample', profile: stored[2]! };
  return null;
}

/** Writes what `parseSetting` reads. */
export function formatSetting(setting: Setting): string {
  switch (setting.kind) {
    case 'value':
      return `=${setting.number}${unitOf(setting)}`;
    case 'amount':
      return `${setting.number < 0 ? '-' : '+'}${Math.abs(setting.number)}${unitOf(setting)}`;
    case 'factor':
      return `*${setting.number}`;
    case 'clamp':
      return `=clamp:${setting.low}:${setting.high}`;
    case 'mean':
    case 'resample':
      return `=${setting.kind}:${setting.profile}`;
  }
}

function unitOf({ quantileOf }: { readonly quantileOf: string | null }): string {
  return quantileOf === null ? '' : `q:${quantileOf}`;
}

/** A neuron and what becomes of it. */
export interface NeuronSetting {
  readonly address: NeuronAddress;
  readonly setting: Setting;
}

/** Reads `L3.N652=0` and its kin (docs/cli.md). @returns null where it is no neuron or no setting */
export function parseNeuronSetting(text: string): NeuronSetting | null {
  const [, name = '', rest = ''] = /^(.*?)([=*+-].*)$/.exec(text) ?? [];
  const address = parseNeuron(name);
  const setting = parseSetting(rest);
  return address && setting && { address, setting };
}

/** Reads a layer and what becomes of each of its neurons, such as `L3=0`. @returns null where it is none */
export function parseLayerSetting(text: string): NeuronSetting | null {
  return parseNeuronSetting(text.replace(/^([^=*+-]+)/, '$1.N0'));
}

/** Which tokens are meant, counted from 0 with the special tokens around the text. */
export type Positions = 'all' | 'last' | { readonly from: number } | readonly number[];

/** Reads `all`, `last`, `5-` or `0,3,7`. @returns null where it is none of these */
export function parsePositions(text: string): Positions | null {
  if (text === 'all' || text === 'last') return text;
  const from = /^(\d+)-$/.exec(text);
  if (from) return { from: Number(from[1]) };
  return /^\d+(,\d+)*$/.test(text) ? text.split(',').map(Number) : null;
}

/** Writes what `parsePositions` reads. */
export function formatPositions(positions: Positions): string {
  if (typeof positions === 'string') return positions;
  return 'from' in positions ? `${positions.from}-` : positions.join(',');
}

/** [tokens] 1 where a token is meant. Positions are absolute, also for tokens that are generated one by one. */
export function positionMask(positions: Positions, tokens: number, prompt: number): Uint8Array {
  return Uint8Array.from({ length: tokens }, (_, at) => {
    if (positions === 'all') return 1;
    if (positions === 'last') return Number(at === prompt - 1);
    return Number('from' in positions ? at >= positions.from : positions.includes(at));
  });
}

/** A change that leaves a neuron as it is. */
export function unchanged(address: NeuronAddress): Change {
  return { address, scale: 1, shift: 0, low: -Infinity, high: Infinity };
}
