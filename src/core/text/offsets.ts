/** Ranges of a text in UTF-16 code units, `[start, end)`, as two columns. */
export interface TextRanges {
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
}

/**
 * Token ranges as tokenizers give them, in code points, turned into UTF-16 code units, with none of them empty and no
 * character left over that is not white space.
 * A token may come with an empty range because white space was trimmed off it (RoBERTa), because it holds only
 * some bytes of a character (byte fallback), or because the tokenizer made it up (the `▁` before a text).
 * Its range is then the trimmed white space, or else the character that it belongs to or stands before.
 * Characters may be left over because the normaliser composed them with those before, or took them away (accents,
 * control characters): they belong to the token that they follow, or else to the one that they precede.
 * @param ranges `[start, end)` in code points, one a token, in text order.
 */
export function utf16RangesOf(text: string, ranges: readonly (readonly number[])[]): TextRanges {
  const offsets = codePointOffsets(text);
  const starts = new Uint32Array(ranges.length);
  const ends = new Uint32Array(ranges.length);
  fillEmpty(ranges, offsets.length - 1, { starts, ends });
  takeLeftOver(text, offsets, { starts, ends });
  return { starts: starts.map((start) => offsets[start]!), ends: ends.map((end) => offsets[end]!) };
}

function fillEmpty(ranges: readonly (readonly number[])[], last: number, { starts, ends }: TextRanges): void {
  let reached = 0;
  ranges.forEach(([givenStart = 0, givenEnd = 0], index) => {
    let start = Math.min(givenStart, last);
    let end = Math.min(givenEnd, last);
    if (end <= start) {
      end = reached < start ? start : Math.min(start + 1, last);
      start = Math.min(reached < start ? reached : start, Math.max(end - 1, 0));
    }
    starts[index] = start;
    ends[index] = end;
    reached = Math.max(reached, end);
  });
}

/** Gives what lies between tokens to its neighbours, as far as it is no white space. */
function takeLeftOver(text: string, offsets: Uint32Array, { starts, ends }: TextRanges): void {
  const isSpace = (point: number): boolean =>
    WHITE_SPACE.test(text.slice(offsets[point], offsets[point + 1]));
  const end = offsets.length - 1;
  let reached = 0;
  for (let token = 0; token <= starts.length && starts.length > 0; token++) {
    const next = token < starts.length ? starts[token]! : end;
    if (next > reached) {
      // What touches the next token behind white space is that one's, the rest the last one's.
      let border = next;
      while (token < starts.length && border > reached && !isSpace(border - 1)) border -= 1;
      if (border === reached && token > 0) border = next;
      let left = border;
      while (left > reached && isSpace(left - 1)) left -= 1;
      if (left > reached && token === 0) {
        border = reached;
        while (isSpace(border)) border += 1;
      } else if (left > reached) replaceTail(ends, token, reached, left);
      if (border < next) replaceHead(starts, token, next, border);
    }
    if (token < starts.length) reached = Math.max(reached, ends[token]!);
  }
}

const WHITE_SPACE = /\p{White_Space}/u;

/** Of the tokens before `token`, those that end last: several where each holds some bytes of one character. */
function replaceTail(ends: Uint32Array, token: number, reached: number, end: number): void {
  for (let earlier = token - 1; earlier >= 0 && ends[earlier] === reached; earlier--) ends[earlier] = end;
}

function replaceHead(starts: Uint32Array, token: number, old: number, start: number): void {
  for (let later = token; later < starts.length && starts[later] === old; later++) starts[later] = start;
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
