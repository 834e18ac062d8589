import { shuffle, type Random } from '../../common/random';

/**
 * Token types of the control labelling (after Hewitt & Liang 2019): a type carries the label wherever it occurs. Types
 * are taken in a random order, each that still fits, until as many tokens carry the label as the concept has. Where that
 * leaves a half without any, as none fits into a vocabulary of few, the first that both halves have is taken alone.
 * @param counts tokens of each type. @param positives of the concept.
 * @param isInBoth whether both halves have a type.
 */
export function controlTypes(
  counts: ReadonlyMap<number, number>,
  positives: number,
  random: Random,
  isInBoth: (type: number) => boolean,
): Set<number> {
  // Sorted first, so that the draw does not depend on which type was met first.
  const types = shuffle(
    [...counts.keys()].sort((a, b) => a - b),
    random,
  );
  const chosen = new Set<number>();
  let room = positives;
  for (const type of types) {
    const count = counts.get(type)!;
    if (count > room) continue;
    chosen.add(type);
    room -= count;
  }
  if ([...chosen].some(isInBoth)) return chosen;
  const fallback = types.find(isInBoth);
  return fallback === undefined ? chosen : new Set([fallback]);
}
