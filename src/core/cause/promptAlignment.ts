/** A token of one prompt that stands for a token of another. */
export interface AlignedPair {
  readonly from: number;
  readonly to: number;
}

/** Which of the aligned tokens are meant: all, those that differ, or the last token of each prompt. */
export const PATCH_PLACES = ['aligned', 'differing', 'last'] as const;

export type PatchPlaces = (typeof PATCH_PLACES)[number];

/** Cells of the table that common tokens are looked for in: 32 MiB. */
const MOST_CELLS = 2 ** 24;

/**
 * Aligns the tokens of two prompts: those of a longest common subsequence with each other, and between these as many with
 * as many, one by one. What is longer on one side than on the other is aligned with nothing, as nothing says with what.
 * @param from ids of the tokens
 * @returns in the order of both prompts
 */
export function alignTokens(from: ArrayLike<number>, to: ArrayLike<number>): AlignedPair[] {
  const pairs: AlignedPair[] = [];
  let reached: AlignedPair = { from: 0, to: 0 };
  const closeGap = (end: AlignedPair): void => {
    const length = end.from - reached.from;
    if (length !== end.to - reached.to) return;
    for (let at = 0; at < length; at++) pairs.push({ from: reached.from + at, to: reached.to + at });
  };
  for (const pair of commonTokens(from, to)) {
    closeGap(pair);
    pairs.push(pair);
    reached = { from: pair.from + 1, to: pair.to + 1 };
  }
  closeGap({ from: from.length, to: to.length });
  return pairs;
}

/** Of each token, whether no equal one of the other prompt is aligned with it. */
export function unlikeTokens(tokens: ArrayLike<number>, others: ArrayLike<number>): boolean[] {
  const unlike = Array.from(tokens, () => true);
  for (const { from } of commonTokens(tokens, others)) unlike[from] = false;
  return unlike;
}

/** The pairs at some places. */
export function pairsAt(
  places: PatchPlaces,
  from: ArrayLike<number>,
  to: ArrayLike<number>,
): readonly AlignedPair[] {
  if (places === 'last') {
    return from.length > 0 && to.length > 0 ? [{ from: from.length - 1, to: to.length - 1 }] : [];
  }
  const pairs = alignTokens(from, to);
  return places === 'aligned' ? pairs : pairs.filter((pair) => from[pair.from] !== to[pair.to]);
}

/** A longest common subsequence: of several the one that takes its tokens earliest in `from`. */
function commonTokens(from: ArrayLike<number>, to: ArrayLike<number>): AlignedPair[] {
  const shorter = Math.min(from.length, to.length);
  let before = 0;
  while (before < shorter && from[before] === to[before]) before++;
  let after = 0;
  while (after < shorter - before && from[from.length - 1 - after] === to[to.length - 1 - after]) after++;
  const rows = from.length - before - after;
  const columns = to.length - before - after;
  const middle = rows * columns <= MOST_CELLS ? commonMiddle(from, to, before, rows, columns) : [];
  const run = (count: number, fromAt: number, toAt: number): AlignedPair[] =>
    Array.from({ length: count }, (_, at) => ({ from: fromAt + at, to: toAt + at }));
  return [...run(before, 0, 0), ...middle, ...run(after, from.length - after, to.length - after)];
}

/** The same of the parts in which both differ at either end. @param start of these parts */
function commonMiddle(
  from: ArrayLike<number>,
  to: ArrayLike<number>,
  start: number,
  rows: number,
  columns: number,
): AlignedPair[] {
  const width = columns + 1;
  // Length of the longest common subsequence of what begins at a row and a column.
  const lengths = new Uint16Array((rows + 1) * width);
  for (let row = rows - 1; row >= 0; row--) {
    for (let column = columns - 1; column >= 0; column--) {
      lengths[row * width + column] =
        from[start + row] === to[start + column]
          ? lengths[(row + 1) * width + column + 1]! + 1
          : Math.max(lengths[(row + 1) * width + column]!, lengths[row * width + column + 1]!);
    }
  }
  const pairs: AlignedPair[] = [];
  let [row, column] = [0, 0];
  while (row < rows && column < columns) {
    if (from[start + row] === to[start + column]) {
      pairs.push({ from: start + row++, to: start + column++ });
    } else if (lengths[row * width + column + 1]! >= lengths[(row + 1) * width + column]!) column++;
    else row++;
  }
  return pairs;
}
