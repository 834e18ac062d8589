/**
 * Area under the ROC curve: the probability that a positive token lies above another one, equal values counted half
 * (Mann & Whitney 1947; Hanley & McNeil 1982). Exact. NaN where one of the two classes is empty.
 * @param midranks [n] of the tokens (ranking.ts). @param labels [n] 1 for a positive.
 */
export function auroc(midranks: Float64Array, labels: Uint8Array): number {
  let rankSum = 0;
  let positives = 0;
  for (let token = 0; token < labels.length; token++) {
    if (labels[token] === 0) continue;
    rankSum += midranks[token]!;
    positives += 1;
  }
  return aurocOfRankSum(rankSum, positives, labels.length);
}

/** The same from the positives' midranks summed up. */
export function aurocOfRankSum(rankSum: number, positives: number, tokens: number): number {
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * (tokens - positives));
}

/** An AUROC as that of the direction that it speaks for: 0.1 says of low values what 0.9 says of high ones. */
export function strengthOf(area: number): number {
  return Math.max(area, 1 - area);
}
