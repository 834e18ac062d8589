/** Bits of a digit: 2,048 counters stay in the first-level cache. */
const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;
const SIGN = 0x80000000;

/**
 * Indices of numbers from the lowest to the highest, equal ones as they come: a radix sort over their bits, several times
 * faster than one that compares.
 * @param numbers none of them NaN
 */
export function ascendingOrder(numbers: Float64Array | Float32Array): Uint32Array {
  const digits = numbers instanceof Float32Array ? [sortableWords(numbers)] : sortableBits(numbers);
  let order = new Uint32Array(numbers.length);
  for (let i = 0; i < order.length; i++) order[i] = i;
  let next = new Uint32Array(numbers.length);
  for (const words of digits) {
    for (let shift = 0; shift < 32; shift += DIGIT_BITS) {
      if (!placeByDigit(words, shift, order, next)) continue;
      [order, next] = [next, order];
    }
  }
  return order;
}

/** float32 as unsigned integers in the same order: the sign turned, negative ones inverted. */
function sortableWords(numbers: Float32Array): Uint32Array {
  const values = numbers.slice();
  const words = new Uint32Array(values.buffer);
  for (let i = 0; i < words.length; i++) {
    // Both zeros are equal.
    const word = words[i] === SIGN ? 0 : words[i]!;
    words[i] = word >= SIGN ? ~word : word ^ SIGN;
  }
  return words;
}

/** float64 likewise, as its lower and its upper words. */
function sortableBits(numbers: Float64Array): [low: Uint32Array, high: Uint32Array] {
  const high = new Uint32Array(numbers.length);
  const low = new Uint32Array(numbers.length);
  const view = new DataView(new ArrayBuffer(8));
  for (let i = 0; i < numbers.length; i++) {
    // −0 + 0 is 0: both zeros are equal.
    view.setFloat64(0, numbers[i]! + 0);
    const [first, second] = [view.getUint32(0), view.getUint32(4)];
    const negative = first >= SIGN;
    high[i] = negative ? ~first : first ^ SIGN;
    low[i] = negative ? ~second : second;
  }
  return [low, high];
}

/**
 * Writes the order into `next`, sorted by one digit and else as it was.
 * @returns false, with nothing written, where all have the same digit
 */
function placeByDigit(words: Uint32Array, shift: number, order: Uint32Array, next: Uint32Array): boolean {
  const starts = new Uint32Array(DIGITS + 1);
  for (let i = 0; i < words.length; i++) starts[((words[i]! >>> shift) & (DIGITS - 1)) + 1]! += 1;
  if (starts.includes(words.length)) return false;
  for (let digit = 0; digit < DIGITS; digit++) starts[digit + 1]! += starts[digit]!;
  for (let i = 0; i < order.length; i++) {
    const index = order[i]!;
    next[starts[(words[index]! >>> shift) & (DIGITS - 1)]!++] = index;
  }
  return true;
}
