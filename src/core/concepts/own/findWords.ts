import type { TextSpan } from '../../text/textSpan';

/** A run of letters and digits, or a single other sign. */
const PIECE = /[\p{L}\p{M}\p{N}_]+|[^\s\p{L}\p{M}\p{N}_]/gu;
const LETTER = /[\p{L}\p{M}\p{N}_]/u;

/**
 * Where words or phrases stand in a text by themselves, in capitals or not: in time that grows with the text, however
 * long the list is.
 */
export function findWords(text: string, words: readonly string[]): TextSpan[] {
  const byFirst = new Map<string, string[]>();
  for (const word of words) {
    const wanted = word.trim().toLowerCase();
    const [first] = wanted.match(PIECE) ?? [];
    if (first === undefined) continue;
    const known = byFirst.get(first);
    if (known) known.push(wanted);
    else byFirst.set(first, [wanted]);
  }
  const found: TextSpan[] = [];
  for (const { index, 0: piece } of text.matchAll(PIECE)) {
    for (const wanted of byFirst.get(piece.toLowerCase()) ?? []) {
      const end = index + wanted.length;
      if (text.slice(index, end).toLowerCase() !== wanted || goesOn(text, end)) continue;
      found.push({ start: index, end });
    }
  }
  return found;
}

/** Whether a word that seems to end at an offset has more letters behind it. */
function goesOn(text: string, end: number): boolean {
  const before = String.fromCodePoint(text.codePointAt(Math.max(0, end - 1)) ?? 0x20);
  const after = end < text.length ? String.fromCodePoint(text.codePointAt(end)!) : ' ';
  return LETTER.test(before) && LETTER.test(after);
}
