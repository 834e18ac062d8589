export type EncodingVerdict =
  | { readonly kind: 'text'; readonly encoding: UnicodeEncoding }
  | { readonly kind: 'binary' }
  /** Text of one of the many encodings that only the likeness of its words to a language's can tell apart. */
  | { readonly kind: 'legacy' }
  | { readonly kind: 'unknown'; readonly reason: string };

/** Encodings that a file's bytes show, by their WHATWG labels. */
export type UnicodeEncoding = 'utf-8' | 'utf-16le' | 'utf-16be';

const BINARY: EncodingVerdict = { kind: 'binary' };
const LEGACY: EncodingVerdict = { kind: 'legacy' };
const text = (encoding: UnicodeEncoding): EncodingVerdict => ({ kind: 'text', encoding });
const UTF32: EncodingVerdict = { kind: 'unknown', reason: 'it is UTF-32: save it as UTF-8' };

const [LINE_FEED, ESCAPE, DOLLAR] = [0x0a, 0x1b, 0x24] as const;
/** Of the lines with characters beyond ASCII, at least this share is UTF-8 in a file that is so in part. */
const MIXED_SHARE = 0.2;

/**
 * Finds the encoding of a file from its bytes: a byte order mark, else UTF-16 or UTF-32 by the zeros of their
 * characters, else UTF-8 where every byte fits. Files with other zeros are binary; what is left is of another encoding.
 */
export class EncodingSurvey {
  private decided: EncodingVerdict | null = null;
  private bytes = 0;
  private readonly utf8 = new Utf8Check();
  private controls = 0;
  /** Escape sequences by which ISO-2022 goes over to two bytes a character, all of them ASCII. */
  private shifts = 0;
  private readonly lines = { utf8: 0, other: 0 };
  private lineStart = { valid: 0, invalid: 0 };

  /**
   * Takes the next bytes; the first chunk must hold a good part of the file (64 KiB, or all of it).
   * @returns false when the verdict will not change any more.
   */
  push(chunk: Uint8Array): boolean {
    if (this.bytes === 0) this.decided = verdictByHead(chunk);
    if (this.decided !== null) return false;
    for (let index = 0; index < chunk.length; index++) {
      const byte = chunk[index]!;
      if (byte >= 0x20 && byte < 0x80 && !this.utf8.isWithin) continue;
      if (byte === 0) {
        this.decided = BINARY;
        return false;
      }
      this.utf8.push(byte, this.bytes + index);
      if (byte < 0x20 && !isTextControl(byte)) this.controls += 1;
      if (byte === LINE_FEED) this.endLine();
      if (byte === ESCAPE && chunk[index + 1] === DOLLAR) this.shifts += 1;
    }
    this.bytes += chunk.length;
    return true;
  }

  verdict(): EncodingVerdict {
    if (this.decided !== null) return this.decided;
    const { invalid, valid, firstInvalid } = this.utf8.finish(this.bytes);
    if (invalid === 0) return this.shifts > 0 && valid === 0 ? LEGACY : text('utf-8');
    if (this.controls > 0) return BINARY;
    this.endLine();
    const { utf8, other } = this.lines;
    const isMixed = utf8 >= MIXED_SHARE * (utf8 + other);
    if (valid <= invalid && !isMixed) return LEGACY;
    const what = valid > invalid ? 'is UTF-8 but broken' : 'mixes UTF-8 with another encoding,';
    const more = invalid > 1 ? ` and ${invalid - 1} more` : '';
    return { kind: 'unknown', reason: `it ${what} at byte ${firstInvalid}${more}: save it again as UTF-8` };
  }

  private endLine(): void {
    const { valid, invalid } = this.utf8;
    if (invalid > this.lineStart.invalid) this.lines.other += 1;
    else if (valid > this.lineStart.valid) this.lines.utf8 += 1;
    this.lineStart = { valid, invalid };
  }
}

/** Tab, line feed, form feed, carriage return, and the escape that colours logs. */
function isTextControl(unit: number): boolean {
  return unit === 0x09 || unit === LINE_FEED || unit === 0x0c || unit === 0x0d || unit === ESCAPE;
}

function verdictByHead(head: Uint8Array): EncodingVerdict | null {
  const [a, b, c, d] = head;
  if (a === 0xef && b === 0xbb && c === 0xbf) return null;
  if (isUtf32(head)) return UTF32;
  if (a === 0xff && b === 0xfe) return text('utf-16le');
  if (a === 0xfe && b === 0xff) return text('utf-16be');
  const isPdf = a === 0x25 && b === 0x50 && c === 0x44 && d === 0x46;
  if (isPdf) return BINARY;
  if (!head.includes(0)) return null;
  const little = likelihoodOf(head, 1);
  const big = likelihoodOf(head, 0);
  if (little > 4 * big) return text('utf-16le');
  if (big > 4 * little) return text('utf-16be');
  return BINARY;
}

/** Whether every four bytes are a character, in either order: the highest byte is 0 and the next at most 0x10. */
function isUtf32(head: Uint8Array): boolean {
  const units = head.length >> 2;
  const isCharacters = (highest: number, next: number): boolean => {
    for (let offset = 0; offset < 4 * units; offset += 4) {
      if (head[offset + highest] !== 0 || head[offset + next]! > 0x10) return false;
    }
    return units >= 2;
  };
  return isCharacters(3, 2) || isCharacters(0, 1);
}

/**
 * How much bytes look like 16-bit units whose high byte stands at `highByte` of the two: by their ASCII characters,
 * and far more by white space, as the other order makes letters of common Chinese characters but no white space.
 * Not at all where there are control characters.
 */
function likelihoodOf(bytes: Uint8Array, highByte: 0 | 1): number {
  let likelihood = 0;
  for (let offset = 0; offset + 1 < bytes.length; offset += 2) {
    if (bytes[offset + highByte] !== 0) continue;
    const low = bytes[offset + 1 - highByte]!;
    if (low < 0x20 && !isTextControl(low)) return 0;
    likelihood += low <= 0x20 ? 16 : 1;
  }
  return likelihood;
}

/** Counts well-formed multi-byte sequences of UTF-8 and the bytes that fit nowhere (Unicode, Table 3-7). */
class Utf8Check {
  private missing = 0;
  /** Limits of the next continuation byte: narrower after E0, ED, F0 and F4. */
  private low = 0x80;
  private high = 0xbf;
  valid = 0;
  invalid = 0;
  firstInvalid = 0;

  /** Whether a sequence has begun and not ended. */
  get isWithin(): boolean {
    return this.missing > 0;
  }

  /** @param position of the byte in the file, for the report. */
  push(byte: number, position: number): void {
    if (this.missing > 0) {
      if (byte >= this.low && byte <= this.high) {
        this.missing -= 1;
        this.low = 0x80;
        this.high = 0xbf;
        if (this.missing === 0) this.valid += 1;
        return;
      }
      this.fail(position);
    }
    if (byte >= 0x80) this.lead(byte, position);
  }

  finish(length: number): this {
    if (this.missing > 0) this.fail(length);
    return this;
  }

  private lead(byte: number, position: number): void {
    if (byte < 0xc2 || byte > 0xf4) {
      this.fail(position);
      return;
    }
    this.missing = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
    this.low = byte === 0xe0 ? 0xa0 : byte === 0xf0 ? 0x90 : 0x80;
    this.high = byte === 0xed ? 0x9f : byte === 0xf4 ? 0x8f : 0xbf;
  }

  private fail(position: number): void {
    if (this.invalid === 0) this.firstInvalid = position;
    this.invalid += 1;
    this.missing = 0;
    this.low = 0x80;
    this.high = 0xbf;
  }
}
