import type { FilePlace, FileRange } from '../../text/document';
import type { FoundText, ReadTexts } from '../../text/formats/format';
import { isPair } from '../../text/offsets';
import type { MarkedPlace } from './conceptsFile';

/** UTF-16 units that are kept on each side of a place: it is found again by them when the file was edited. */
const AROUND = 24;

/**
 * Stretches of a file as they are written down, each in the text or record that holds it; one that reaches over several
 * gives a place in each.
 * @param read how a profile reads the file.
 */
export async function markPlaces(
  file: string,
  read: ReadTexts,
  text: string,
  ranges: readonly FileRange[],
): Promise<MarkedPlace[]> {
  const places: MarkedPlace[] = [];
  for await (const found of read(once(text), { textField: null, onBroken: () => undefined })) {
    for (const { from, to } of ranges) {
      const start = firstFrom(found, from);
      const end = firstFrom(found, to);
      if (start < end) places.push(placeOf(file, found, start, end));
    }
  }
  return places;
}

async function* once(text: string): AsyncGenerator<string> {
  yield await Promise.resolve(text);
}

/** The first offset of a text that does not stand before a place of its file. */
function firstFrom({ text, locate }: FoundText, place: FilePlace): number {
  let low = 0;
  let high = text.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(locate(middle), place)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isBefore(one: FilePlace, other: FilePlace): boolean {
  return one.line < other.line || (one.line === other.line && one.column < other.column);
}

/**
 * A place as it is kept, with what stands around it.
 * @param start UTF-16 units of the text, as `end`
 */
export function placeOf(
  file: string,
  { record, text, offsetBase }: Pick<FoundText, 'record' | 'text' | 'offsetBase'>,
  start: number,
  end: number,
): MarkedPlace {
  const from = Math.max(0, start - AROUND);
  const to = Math.min(text.length, end + AROUND);
  return {
    file,
    ...(record !== null && { record }),
    start: start + offsetBase,
    end: end + offsetBase,
    text: text.slice(start, end),
    before: text.slice(from > 0 && isPair(text, from - 1) ? from + 1 : from, start),
    after: text.slice(end, isPair(text, to - 1) ? to - 1 : to),
  };
}
