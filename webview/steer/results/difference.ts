const SPACE = /\s/;

/**
 * Where the word begins, with the space before it, in which two texts first differ; their length where they are one text.
 * A word that one of them goes on with differs as a whole: its token does.
 */
export function firstDifference(one: string, other: string): number {
  const isEnd = (text: string, at: number): boolean => at >= text.length || SPACE.test(text.charAt(at));
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  if (at === one.length && at === other.length) return at;
  if (!isEnd(one, at) || !isEnd(other, at)) while (at > 0 && !isEnd(one, at - 1)) at--;
  while (at > 0 && isEnd(one, at - 1)) at--;
  return at;
}
