import { expect, it } from 'vitest';
import { xxh32 } from '../../../src/core/common/xxh32';

/** Length, seed and result of Python's xxhash 3 for the first bytes of 11, 48, 85 … (steps of 37, modulo 256). */
const KNOWN = [
  [0, 0, 46947589],
  [1, 0, 1072013981],
  [3, 7, 2512593269],
  [4, 0, 515436826],
  [15, 1, 1205153031],
  [16, 0, 2527895462],
  [20, 4294967295, 3491602063],
  [31, 2654435761, 2573236734],
  [64, 0, 70849478],
  [101, 123456789, 3522364905],
] as const;

it.each(KNOWN)('%i bytes with seed %i give %i, wherever they lie', (length, seed, hash) => {
  for (const offset of [0, 1, 2]) {
    const memory = new Uint8Array(offset + length);
    const bytes = memory.subarray(offset);
    for (let i = 0; i < length; i++) bytes[i] = i * 37 + 11;
    expect(xxh32(bytes, seed)).toBe(hash);
  }
});
