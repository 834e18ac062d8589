const PRIME_1 = 0x9e3779b1;
const PRIME_2 = 0x85ebca77;
const PRIME_3 = 0xc2b2ae3d;
const PRIME_4 = 0x27d4eb2f;
const PRIME_5 = 0x165667b1;
/** Bytes of a word. */
const WORD = 4;

/**
 * XXH32 of some bytes (Collet, xxHash specification 0.2): a fast check against damage, not against forgery. Chained by
 * giving one result as the next one's seed.
 * @returns an unsigned 32-bit number.
 */
export function xxh32(bytes: Uint8Array, seed = 0): number {
  return xxh32Within(bytes)(0, bytes.length, seed);
}

/** XXH32 of stretches of some bytes, from `start` to `end`. */
export function xxh32Within(bytes: Uint8Array): (start: number, end: number, seed: number) => number {
  // Words lie at addresses that are multiples of their size.
  if (bytes.byteOffset % WORD !== 0) return xxh32Within(bytes.slice());
  const words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >>> 2);
  return (start, end, seed) =>
    start % WORD === 0 ? hashOf(bytes, words, start, end, seed) : xxh32(bytes.slice(start, end), seed);
}

function hashOf(bytes: Uint8Array, words: Int32Array, start: number, end: number, seed: number): number {
  const length = end - start;
  let at = start >>> 2;
  let hash: number;
  if (length >= 16) {
    let a = (seed + PRIME_1 + PRIME_2) | 0;
    let b = (seed + PRIME_2) | 0;
    let c = seed | 0;
    let d = (seed - PRIME_1) | 0;
    for (const stripesEnd = at + ((length >>> 4) << 2); at < stripesEnd; at += 4) {
      a = round(a, words[at]!);
      b = round(b, words[at + 1]!);
      c = round(c, words[at + 2]!);
      d = round(d, words[at + 3]!);
    }
    hash = (rotate(a, 1) + rotate(b, 7) + rotate(c, 12) + rotate(d, 18)) | 0;
  } else hash = (seed + PRIME_5) | 0;
  hash = (hash + length) | 0;
  for (; at < end >>> 2; at++) {
    hash = Math.imul(rotate((hash + Math.imul(words[at]!, PRIME_3)) | 0, 17), PRIME_4);
  }
  for (let rest = at << 2; rest < end; rest++) {
    hash = Math.imul(rotate((hash + Math.imul(bytes[rest]!, PRIME_5)) | 0, 11), PRIME_1);
  }
  hash = Math.imul(hash ^ (hash >>> 15), PRIME_2);
  hash = Math.imul(hash ^ (hash >>> 13), PRIME_3);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function round(lane: number, word: number): number {
  return Math.imul(rotate((lane + Math.imul(word, PRIME_2)) | 0, 13), PRIME_1);
}

function rotate(bits: number, by: number): number {
  return (bits << by) | (bits >>> (32 - by));
}
