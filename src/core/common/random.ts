/** A stream of uniform numbers in [0, 1). */
export type Random = () => number;

/**
 * A seeded stream of random numbers, the same on every machine: sfc32 (Doty-Humphrey, PractRand, public domain),
 * with 32 random bits a number.
 * @param seed any text; streams of different seeds are independent for all purposes here.
 */
export function randomOf(seed: string): Random {
  let [a, b, c, counter] = [0x9e3779b9, 0x243f6a88, 0xb7e15162, 1];
  const next = (): number => {
    const sum = (a + b + counter++) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return sum >>> 0;
  };
  for (let i = 0; i < seed.length; i++) {
    a ^= Math.imul(seed.charCodeAt(i) + 1, 0x85ebca6b);
    next();
  }
  for (let i = 0; i < 12; i++) next();
  return () => next() / 2 ** 32;
}

/** A whole number from 0 up to, and without, `limit`. */
export function wholeBelow(random: Random, limit: number): number {
  return Math.floor(random() * limit);
}

/** Puts the elements into a random order, in place (Fisher–Yates). */
export function shuffle<Elements extends { [index: number]: unknown; readonly length: number }>(
  elements: Elements,
  random: Random,
): Elements {
  for (let last = elements.length - 1; last > 0; last--) {
    const other = wholeBelow(random, last + 1);
    const moved = elements[last];
    elements[last] = elements[other];
    elements[other] = moved;
  }
  return elements;
}
