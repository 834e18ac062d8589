import { largestOf } from './distribution';

/** Effects on all tokens, less their mean: what a softmax does not see is gone. */
export function withoutMean(effects: Float64Array): Float64Array {
  const mean = effects.reduce((sum, value) => sum + value, 0) / effects.length;
  return effects.map((value) => value - mean);
}

/** The tokens with the largest and the smallest effects. */
export function extremes(
  effects: Float64Array,
  count: number,
): { readonly high: number[]; readonly low: number[] } {
  return {
    high: largestOf(effects, count),
    low: largestOf(
      effects.map((value) => -value),
      count,
    ),
  };
}

/** Skewness and excess kurtosis of some values about their mean; null where they do not vary. */
export function momentsOf(
  values: Float64Array,
): { readonly skewness: number; readonly kurtosis: number } | null {
  const centred = withoutMean(values);
  let [second, third, fourth] = [0, 0, 0];
  for (const value of centred) {
    const square = value * value;
    second += square;
    third += square * value;
    fourth += square * square;
  }
  const variance = second / values.length;
  if (!(variance > 0)) return null;
  return {
    skewness: third / values.length / variance ** 1.5,
    kurtosis: fourth / values.length / variance ** 2 - 3,
  };
}

/** Sums of pairs of values, from which their correlation follows. */
export class Correlation {
  private count = 0;
  private x = 0;
  private y = 0;
  private xx = 0;
  private yy = 0;
  private xy = 0;

  add(x: number, y: number): void {
    this.count += 1;
    this.x += x;
    this.y += y;
    this.xx += x * x;
    this.yy += y * y;
    this.xy += x * y;
  }

  /** Pearson's r; null where one of the two does not vary. */
  get value(): number | null {
    const { count, x, y } = this;
    const both = Math.sqrt((this.xx - (x * x) / count) * (this.yy - (y * y) / count));
    return both > 0 ? (this.xy - (x * y) / count) / both : null;
  }
}

/** Pearson's r of two lists of the same length. */
export function correlationOf(x: ArrayLike<number>, y: ArrayLike<number>): number | null {
  const sums = new Correlation();
  for (let at = 0; at < x.length; at++) sums.add(x[at]!, y[at]!);
  return sums.value;
}
