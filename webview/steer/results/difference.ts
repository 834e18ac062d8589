const WORD = /\s*\S+\s*$/;

/** Where the word begins, with the space before it, in which two texts first differ; their length where they are one text. */
export function firstDifference(one: string, other: string): number {
  const shorter = Math.min(one.length, other.length);
  let at = 0;
  while (at < shorter && one[at] === other[at]) at++;
  if (at === one.length && at === other.length) return at;
  const next = one.length > at ? one : other;
  // A word that goes on from what both have differs as a whole.
  const begins =
    /\s/.test(next[at] ?? ' ') || at === 0 ? at : at - (WORD.exec(next.slice(0, at))?.[0].length ?? 0);
  return Math.max(0, begins);
}
