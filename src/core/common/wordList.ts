/** `L0, L3 and L5` */
export function wordList(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}

/** Names that a sentence gives of many. */
const MOST_NAMED = 3;

/** The first few of many names: `a.txt, b.txt, c.txt, …` */
export function firstNames(names: readonly string[]): string {
  return names.slice(0, MOST_NAMED).join(', ') + (names.length > MOST_NAMED ? ', …' : '');
}
