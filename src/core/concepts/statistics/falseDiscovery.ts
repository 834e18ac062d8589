/**
 * q values by Benjamini & Hochberg (1995): among all that is called with q below a level, the expected share of false
 * calls is below it, for independent and positively dependent tests.
 * @param p each between 0 and 1. @returns in the order of `p`, as R's p.adjust.
 */
export function benjaminiHochberg(p: readonly number[]): number[] {
  return stepUp(p, 1);
}

/** The same under any dependence, by Benjamini & Yekutieli (2001): larger by Σ 1/i. */
export function benjaminiYekutieli(p: readonly number[]): number[] {
  return stepUp(
    p,
    p.reduce((sum, _, i) => sum + 1 / (i + 1), 0),
  );
}

function stepUp(p: readonly number[], factor: number): number[] {
  const order = p.map((_, i) => i).sort((a, b) => p[b]! - p[a]!);
  const q = new Array<number>(p.length);
  let least = 1;
  order.forEach((test, i) => {
    least = Math.min(least, (p[test]! * factor * p.length) / (p.length - i));
    q[test] = least;
  });
  return q;
}
