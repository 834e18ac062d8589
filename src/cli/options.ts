import { InvalidArgumentError, Option } from 'commander';
import { LensError } from '../core/common/errors';
import { flagsOf, type OwnConcept } from '../core/concepts/own/ownConcept';
import type { Quantity } from '../core/onnx/site';

/** Readers of option values, each with a sentence for what it cannot read. */

/** Which stack of a model with an encoder and a decoder. */
export function partOption(): Option {
  return new Option('--part <part>', 'which stack of a model with two').choices([
    'model',
    'encoder',
    'decoder',
  ]);
}

export function positiveInteger(text: string): number {
  const value = integerOf(text);
  if (value === null || value < 1) throw new InvalidArgumentError('A whole number from 1 is wanted.');
  return value;
}

export function wholeNumber(text: string): number {
  const value = integerOf(text);
  if (value === null) throw new InvalidArgumentError('A whole number is wanted.');
  return value;
}

export function positiveNumber(text: string): number {
  const value = /^\d*\.?\d+(e[+-]?\d+)?$/i.test(text) ? Number(text) : NaN;
  if (!(value > 0 && value < Infinity)) throw new InvalidArgumentError('A number above 0 is wanted.');
  return value;
}

/** Digits alone: `Number` takes blanks, hexadecimal and nothing at all for numbers. */
function integerOf(text: string): number | null {
  const value = Number(text);
  return /^\d+$/.test(text) && Number.isSafeInteger(value) ? value : null;
}

export function layerRange(text: string): [number, number] {
  const match = /^(\d+)(?:-(\d+))?$/.exec(text);
  const first = Number(match?.[1]);
  const last = Number(match?.[2] ?? match?.[1]);
  if (!match || last < first)
    throw new InvalidArgumentError('A layer or a range is wanted, such as 3 or 0-5.');
  return [first, last];
}

export function shard(text: string): { index: number; of: number } {
  const match = /^(\d+)\/(\d+)$/.exec(text);
  const index = Number(match?.[1]);
  const of = Number(match?.[2]);
  if (!match || index < 1 || index > of)
    throw new InvalidArgumentError('Wanted: I/N with I from 1 to N, such as 2/8.');
  return { index, of };
}

export function quantities(text: string): Quantity[] {
  const known: readonly string[] = ['act', 'pre', 'gate', 'up'];
  const names = text.split(',');
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new InvalidArgumentError(`"${unknown}" is none of act, pre, gate, up.`);
  return [...new Set(names as Quantity[])];
}

export function collect(value: string, previous: string[]): string[] {
  return [...previous, value];
}

/** START:END in UTF-16 units. */
export function offsets(text: string): [number, number] {
  const match = /^(\d+):(\d+)$/.exec(text);
  const start = Number(match?.[1]);
  const end = Number(match?.[2]);
  if (!match || end < start)
    throw new InvalidArgumentError('Wanted: START:END in UTF-16 units, such as 120:180.');
  return [start, end];
}

/** `NAME=PATTERN`, once more. */
export function ownRegex(text: string, before: readonly OwnConcept[]): OwnConcept[] {
  const [name, pattern] = nameAndValue(text, 'NAME=PATTERN, such as years=\\b(19|20)\\d\\d\\b');
  try {
    flagsOf(pattern, `${name}: this`);
  } catch (error) {
    if (error instanceof LensError) throw new InvalidArgumentError(error.message);
    throw error;
  }
  return [...before, { kind: 'regex', name, pattern }];
}

/** `NAME=["a","b"]`, once more. */
export function ownWords(text: string, before: readonly OwnConcept[]): OwnConcept[] {
  const wanted = 'NAME=["word","another"], a JSON array of texts';
  const [name, list] = nameAndValue(text, wanted);
  let words: unknown;
  try {
    words = JSON.parse(list);
  } catch {
    throw new InvalidArgumentError(`Wanted: ${wanted}.`);
  }
  const isText = (word: unknown): word is string => typeof word === 'string' && word.trim() !== '';
  if (!Array.isArray(words) || words.length === 0 || !words.every(isText)) {
    throw new InvalidArgumentError(`Wanted: ${wanted}.`);
  }
  return [...before, { kind: 'words', name, words }];
}

function nameAndValue(text: string, wanted: string): [name: string, value: string] {
  const at = text.indexOf('=');
  const name = text.slice(0, Math.max(0, at)).trim();
  const value = text.slice(at + 1);
  if (name === '' || value === '') throw new InvalidArgumentError(`Wanted: ${wanted}.`);
  return [name, value];
}
