/**
 * Agreement of two orders of the same things as Kendall's τ-b: 1 where they are the same, −1 where one is the other
 * reversed; ties in either are taken out of account. NaN where one of them says nothing.
 */
export function rankAgreement(one: readonly number[], other: readonly number[]): number {
  let [concordance, inOne, inOther] = [0, 0, 0];
  for (let i = 0; i < one.length; i++) {
    for (let j = 0; j < i; j++) {
      const first = Math.sign(one[i]! - one[j]!);
      const second = Math.sign(other[i]! - other[j]!);
      concordance += first * second;
      inOne += first * first;
      inOther += second * second;
    }
  }
  return concordance / Math.sqrt(inOne * inOther);
}
