/** Ranges of a text in UTF-16 code units, `[start, end)`, as two columns. */
export interface TextRanges {
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
}

/**
 * Token ranges as tokenizers give them, in code points, turned into UTF-16 code units with none of them empty.
 * A token may come with an empty range because white space was trimmed off it (RoBERTa), because it holds only
 * some bytes of a character (byte fallback), or because the tokenizer made it up (the `▁` before a text).
 * Its range is then the trimmed white space, or else the character that it belongs to or stands before.
 * @param ranges `[start, end)` in code points, one a token, in text order.
 */
export function utf16RangesOf(text: string, ranges: readonly (readonly number[])[]): TextRanges {
  const offsets = codePointOffsets(text);
  const last = offsets.length - 1;
  const starts = new Uint32Array(ranges.length);
  const ends = new Uint32Array(ranges.length);
  let reached = 0;
  ranges.forEach(([givenStart = 0, givenEnd = 0], index) => {
    let start = Math.min(givenStart, last);
    let end = Math.min(givenEnd, last);
    if (end <= start) {
      end = reached < start ? start : Math.min(start + 1, last);
      start = Math.min(reached < start ? reached : start, Math.max(end - 1, 0));
    }
    starts[index] = offsets[start]!;
    ends[index] = offsets[end]!;
    reached = Math.max(reached, end);
  });
  return { starts, ends };
}

/**
 * The UTF-16 offset of each code point of a text, and of the text's end.
 * A lone surrogate is a code point of its own: tokenizers see U+FFFD in its place.
 */
function codePointOffsets(text: string): Uint32Array {
  const offsets = new Uint32Array(text.length + 1);
  let count = 0;
  for (let offset = 0; offset < text.length; offset += isPair(text, offset) ? 2 : 1) {
    offsets[count++] = offset;
  }
  offsets[count] = text.length;
  return offsets.subarray(0, count + 1);
}

/** Whether a surrogate pair, one character of two code units, starts at `offset`. */
export function isPair(text: string, offset: number): boolean {
  return (text.charCodeAt(offset) & 0xfc00) === 0xd800 && (text.charCodeAt(offset + 1) & 0xfc00) === 0xdc00;
}
