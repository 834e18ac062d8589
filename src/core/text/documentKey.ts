import type { FileRange } from './document';

/** Wide enough for every file that fits a disk: numbers must sort as text. */
const SLICE_DIGITS = 5;
const RECORD_DIGITS = 9;

/** `#` and all that sorts before it, and the percent sign that stands in for them: all but `$` and from `&` up. */
const RESERVED = /[^$&-\uffff]/g;

/**
 * The key of a file that is one document; those of its slices and records follow it behind a `#`.
 * No other character of a key sorts before `#`, so all keys of a file stand together, in the order of the files' keys.
 */
export function fileKey(file: string): string {
  return file.replace(RESERVED, (character) => `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

/** @param whole key of what is cut into slices. @param slice counted from 1. */
export function sliceKey(whole: string, slice: number): string {
  return `${whole}#${String(slice).padStart(SLICE_DIGITS, '0')}`;
}

export function rangeKey(file: string, { from, to }: FileRange): string {
  return `${fileKey(file)}#${from.line}:${from.column}-${to.line}:${to.column}`;
}

/** @param record counted from 0. */
export function recordKey(file: string, record: number): string {
  return `${fileKey(file)}#${String(record).padStart(RECORD_DIGITS, '0')}`;
}
