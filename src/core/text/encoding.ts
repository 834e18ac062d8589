/** Encodings that are read, by their WHATWG labels. windows-1252 is Latin-1 with quotes and dashes added. */
export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

export type EncodingVerdict =
  | { readonly kind: 'text'; readonly encoding: TextEncoding }
  | { readonly kind: 'binary' }
  | { readonly kind: 'unknown'; readonly reason: string };

const BINARY: EncodingVerdict = { kind: 'binary' };
const text = (encoding: TextEncoding): EncodingVerdict => ({ kind: 'text', encoding });

/** Bytes that windows-1252 leaves undefined: text in other 8-bit encodings is full of them. */
const UNDEFINED_IN_1252 = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);
/** Western text has accents between plain letters; Cyrillic, Greek or Chinese words are long runs above 0x7F. */
const LONG_RUN = 4;
const MOST_IN_LONG_RUNS = 0.1;

/**
 * Finds the encoding of a file from its bytes: a byte order mark, else UTF-16 by the zeros of its ASCII characters,
 * else UTF-8 where every byte fits, else Latin-1 where it looks like Western text. Files with other zeros are binary.
 */
export class EncodingSurvey {
  private decided: EncodingVerdict | null = null;
  private bytes = 0;
  private readonly utf8 = new Utf8Check();
  private controls = 0;
  private undefinedBytes = 0;
  private high = 0;
  private highInLongRuns = 0;
  private run = 0;

  /**
   * Takes the next bytes; the first chunk must hold a good part of the file (64 KiB, or all of it).
   * @returns false when the verdict will not change any more.
   */
  push(chunk: Uint8Array): boolean {
    if (this.bytes === 0) this.decided = verdictByHead(chunk);
    if (this.decided !== null) return false;
    for (let index = 0; index < chunk.length; index++) {
      const byte = chunk[index]!;
      if (byte >= 0x20 && byte < 0x80 && this.run === 0) continue;
      if (byte === 0) {
        this.decided = BINARY;
        return false;
      }
      this.utf8.push(byte, this.bytes + index);
      if (byte >= 0x80) this.countHigh(byte);
      else this.run = 0;
      if (byte < 0x20 && !isTextControl(byte)) this.controls += 1;
    }
    this.bytes += chunk.length;
    return true;
  }

  verdict(): EncodingVerdict {
    if (this.decided !== null) return this.decided;
    const { invalid, valid, firstInvalid } = this.utf8.finish(this.bytes);
    if (invalid === 0) return text('utf-8');
    if (this.controls > 0) return BINARY;
    if (valid > invalid) {
      return {
        kind: 'unknown',
        reason: `it is UTF-8 but broken at byte ${firstInvalid}${invalid > 1 ? ` and ${invalid - 1} more` : ''}: save it again as UTF-8`,
      };
    }
    if (this.undefinedBytes === 0 && this.highInLongRuns <= MOST_IN_LONG_RUNS * this.high) {
      return text('windows-1252');
    }
    return {
      kind: 'unknown',
      reason: 'its encoding is neither UTF-8, UTF-16 nor Latin-1: save it as UTF-8',
    };
  }

  private countHigh(byte: number): void {
    this.run += 1;
    this.high += 1;
    if (this.run === LONG_RUN) this.highInLongRuns += LONG_RUN;
    else if (this.run > LONG_RUN) this.highInLongRuns += 1;
    if (UNDEFINED_IN_1252.has(byte)) this.undefinedBytes += 1;
  }
}

/** Tab, line feed, form feed, carriage return, and the escape that colours logs. */
function isTextControl(unit: number): boolean {
  return unit === 0x09 || unit === 0x0a || unit === 0x0c || unit === 0x0d || unit === 0x1b;
}

function verdictByHead(head: Uint8Array): EncodingVerdict | null {
  const [a, b, c, d] = head;
  if (a === 0xef && b === 0xbb && c === 0xbf) return null;
  if (a === 0xff && b === 0xfe && c === 0 && d === 0) {
    return { kind: 'unknown', reason: 'it is UTF-32: save it as UTF-8' };
  }
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
  private valid = 0;
  private invalid = 0;
  private firstInvalid = 0;

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

  finish(length: number): { valid: number; invalid: number; firstInvalid: number } {
    if (this.missing > 0) this.fail(length);
    return { valid: this.valid, invalid: this.invalid, firstInvalid: this.firstInvalid };
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
