import type { SiteActivations, TokenBatch } from '../../core/onnx/activationModel';

/** How the windows of a model may be run together, each with the values that it has alone. */
export interface Batching {
  /** Why only windows of one length may stand in a batch: what padding would do; null where any may. */
  readonly equalLengths: string | null;
  /** Why each window must be run on its own; null where it need not be. */
  readonly alone: string | null;
}

/** What a reader is to know of it; nothing where any windows may be run together. */
export function batchingSentences({ alone, equalLengths }: Batching): string[] {
  if (alone !== null) return [`Each window of text is run on its own: ${alone}.`];
  return equalLengths === null ? [] : [`Only windows of equal length are run together: ${equalLengths}.`];
}

/** Where nothing was tried: right for every model that can be run at all. */
export const UNTRIED: Batching = { equalLengths: 'it was not tried', alone: 'it was not tried' };

/** Of the largest value: what another order of sums may change, with weights of half precision or rounded ones too. */
const ROUNDING = 5e-3;
/** Tokens of the text that is tried, and of its padding, at most. */
const MOST_TOKENS = 24;

type Run = (batch: TokenBatch) => Promise<readonly SiteActivations[]>;

/**
 * Finds out by running a text alone, padded, and with another one whether the text's values stay what they are.
 * What pads with other ids change, by however little, they reach.
 * @param ids of a text, as the model wants it
 * @param length tokens of a sequence that the model takes
 * @param known what is known beforehand, such as from the graph: it is not tried
 * @throws what running the text alone throws
 */
export async function tryBatching(
  run: Run,
  ids: Uint32Array,
  length: number,
  known: Partial<Batching> = {},
): Promise<Batching> {
  const text = ids.slice(0, Math.max(1, Math.min(MOST_TOKENS, length >> 1)));
  const pads = Math.min(MOST_TOKENS, length - text.length);
  const plain = copyOf(await run(padded(text, 0, 0)));
  const alone = known.alone === undefined ? await whyAlone(run, text, plain) : known.alone;
  const equalLengths =
    known.equalLengths === undefined ? await whyEqualLengths(run, text, pads, plain) : known.equalLengths;
  return { equalLengths, alone };
}

async function whyAlone(run: Run, text: Uint32Array, plain: readonly Values[]): Promise<string | null> {
  const other = text.slice().reverse();
  const ids = Uint32Array.from([...text, ...other]);
  const pair = { rows: 2, width: text.length, ids, lengths: Uint32Array.of(text.length, text.length) };
  try {
    const first = rowsBelow(copyOf(await run(pair)), text.length);
    return isClose(plain, first) ? null : 'a text changes with those beside it in a batch';
  } catch {
    return 'it cannot be run on two texts at once';
  }
}

async function whyEqualLengths(
  run: Run,
  text: Uint32Array,
  pads: number,
  plain: readonly Values[],
): Promise<string | null> {
  const [first, second] = [text[0] ?? 0, text.find((id) => id !== text[0]) ?? text[0] ?? 0];
  try {
    const one = rowsBelow(copyOf(await run(padded(text, pads, first))), text.length);
    const two = rowsBelow(copyOf(await run(padded(text, pads, second))), text.length);
    return isSame(one, two) && isClose(plain, one) ? null : 'padding changes the values of its tokens';
  } catch {
    return 'it cannot be run on a padded text';
  }
}

/** A text of which `pads` more tokens are padding. */
function padded(text: Uint32Array, pads: number, pad: number): TokenBatch {
  const width = text.length + pads;
  const ids = new Uint32Array(width).fill(pad);
  ids.set(text);
  return { rows: 1, width, ids, lengths: Uint32Array.of(text.length) };
}

/** The values of an output, by the positions of their rows. */
interface Values {
  readonly byPosition: ReadonlyMap<number, Float32Array>;
}

/** What a run gave, kept for longer than until the next one. */
function copyOf(activations: readonly SiteActivations[]): Values[] {
  return activations.map(({ values, positions, site: { dFf } }) => ({
    byPosition: new Map(
      Array.from({ length: values.length / dFf }, (_, row) => [
        positions?.[row] ?? row,
        values.slice(row * dFf, (row + 1) * dFf),
      ]),
    ),
  }));
}

function rowsBelow(all: readonly Values[], end: number): Values[] {
  return all.map(({ byPosition }) => ({
    byPosition: new Map([...byPosition].filter(([position]) => position < end)),
  }));
}

function isSame(before: readonly Values[], now: readonly Values[]): boolean {
  return before.every((values, at) => largestGap(values, now[at]!) === 0);
}

function isClose(before: readonly Values[], now: readonly Values[]): boolean {
  return before.every((values, at) => {
    const rows = [...values.byPosition.values()];
    const peak = rows.reduce(
      (most, row) => row.reduce((larger, value) => Math.max(larger, Math.abs(value)), most),
      0,
    );
    return largestGap(values, now[at]!) <= ROUNDING * peak;
  });
}

/** Largest difference at any position; infinite where one has a number or a row that the other has not. */
function largestGap(before: Values, now: Values): number {
  if (before.byPosition.size !== now.byPosition.size) return Infinity;
  let largest = 0;
  for (const [position, row] of before.byPosition) {
    const other = now.byPosition.get(position);
    row.forEach((value, at) => {
      const gap = Object.is(value, other?.[at]) ? 0 : Math.abs(value - (other?.[at] ?? NaN));
      largest = Math.max(largest, Number.isNaN(gap) ? Infinity : gap);
    });
  }
  return largest;
}
