/** Natural logarithm of the sum of exponentials, in float64. */
export function logSumOfExponentials(logits: Float32Array): number {
  let largest = -Infinity;
  for (const logit of logits) if (logit > largest) largest = logit;
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - largest);
  return largest + Math.log(sum);
}

/** Natural logarithms of the softmax of one position's logits, in float64. */
export function logProbabilities(logits: Float32Array): Float64Array {
  const total = logSumOfExponentials(logits);
  const logs = new Float64Array(logits.length);
  for (let at = 0; at < logs.length; at++) logs[at] = logits[at]! - total;
  return logs;
}

/** KL(before ‖ after) in nats, from log-probabilities. */
export function divergence(before: Float64Array, after: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < before.length; at++) {
    const log = before[at]!;
    if (log > -Infinity) sum += Math.exp(log) * (log - after[at]!);
  }
  return Number.isNaN(sum) ? NaN : Math.max(0, sum);
}

/** One token of the vocabulary before and after a change. */
export interface TokenShift {
  readonly id: number;
  /** Probabilities. */
  readonly before: number;
  readonly after: number;
}

/** The tokens that are among the `count` likeliest before or after, likeliest before first. */
export function likeliest(before: Float64Array, after: Float64Array, count: number): TokenShift[] {
  const ids = new Set([...largestOf(before, count), ...largestOf(after, count)]);
  return [...ids]
    .map((id) => ({ id, before: Math.exp(before[id]!), after: Math.exp(after[id]!) }))
    .sort((a, b) => b.before - a.before || b.after - a.after || a.id - b.id);
}

/** Where the largest of some values stand, largest first; equal ones in their order. */
export function largestOf(values: Float64Array | Float32Array, count: number): number[] {
  const kept: number[] = [];
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!;
    if (kept.length === count && value <= values[kept[count - 1]!]!) continue;
    let place = kept.length;
    while (place > 0 && values[kept[place - 1]!]! < value) place--;
    kept.splice(place, 0, at);
    if (kept.length > count) kept.pop();
  }
  return kept;
}

/** Cosine of the angle between two vectors; NaN where one has no length. */
export function cosine(a: Float32Array, b: Float32Array): number {
  let [dot, left, right] = [0, 0, 0];
  for (let at = 0; at < a.length; at++) {
    dot += a[at]! * b[at]!;
    left += a[at]! ** 2;
    right += b[at]! ** 2;
  }
  return dot / Math.sqrt(left * right);
}
