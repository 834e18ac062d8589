import { isPair } from './offsets';

/**
 * Longest text of a document in UTF-16 code units. Longer files and records are cut into slices that are documents of
 * their own, so that memory stays bounded: the native tokenizer takes some 500 bytes a unit.
 */
export const SLICE_LENGTH = 1 << 18;

const LINE_END = /[\n\r]/;
const WHITE_SPACE = /\s/;

/**
 * Where the slice of `text` that begins at `start` ends: after the last line end that leaves the slice at least half
 * full, else after white space, else within a word, but never inside a surrogate pair or a CR LF.
 * The text must be whole, or hold more than `SLICE_LENGTH` units from `start` on.
 */
export function sliceEnd(text: string, start: number, length = SLICE_LENGTH): number {
  if (text.length - start <= length) return text.length;
  const limit = start + length;
  const half = start + (length >> 1);
  for (const boundary of [LINE_END, WHITE_SPACE]) {
    for (let end = limit; end > half; end--) {
      if (boundary.test(text.charAt(end - 1)) && !cutsCrLf(text, end)) return end;
    }
  }
  return isPair(text, limit - 1) || cutsCrLf(text, limit) ? limit - 1 : limit;
}

/** The slice of a whole text that holds an offset, as profiling a plain file cuts it. */
export function sliceAt(text: string, offset: number, length = SLICE_LENGTH): { start: number; end: number } {
  let start = 0;
  let end = sliceEnd(text, start, length);
  while (offset >= end && end < text.length) {
    start = end;
    end = sliceEnd(text, start, length);
  }
  return { start, end };
}

function cutsCrLf(text: string, end: number): boolean {
  return text.charAt(end - 1) === '\r' && text.charAt(end) === '\n';
}
