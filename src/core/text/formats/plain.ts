import type { FilePlace, FileRange } from '../document';
import { partEnd, PART_LENGTH } from '../parts';
import { FILE_START, Places } from '../places';
import type { Format, FoundText, ReadTexts } from './format';

/** Prose and source code, and whatever is of no other kind: the text is the file, in parts when it is long. */
export const plainText: Format = {
  matches: () => true,
  read: (chunks) => partsOf(chunks, 0, FILE_START),
};

/** A stretch of prose or source code by itself: what stands around it is not read. */
export function plainTextBetween({ from, to }: FileRange): ReadTexts {
  return async function* (chunks) {
    let text = '';
    for await (const chunk of chunks) text += chunk;
    const places = new Places(text, FILE_START);
    const start = places.offsetOf(from);
    yield* partsOf([text.slice(start, places.offsetOf(to))], start, places.at(start));
  };
}

async function* partsOf(
  chunks: AsyncIterable<string> | Iterable<string>,
  startOffset: number,
  startPlace: FilePlace,
): AsyncGenerator<FoundText> {
  let pending = '';
  let offset = startOffset;
  let part = 0;
  let place = startPlace;
  for await (const chunk of chunks) {
    pending += chunk;
    let start = 0;
    while (pending.length - start > PART_LENGTH) {
      const end = partEnd(pending, start);
      const text = pending.slice(start, end);
      part += 1;
      yield found(part, text, offset, place);
      place = new Places(text, place).end;
      offset += text.length;
      start = end;
    }
    pending = pending.slice(start);
  }
  if (pending.length > 0) yield found(part === 0 ? null : part + 1, pending, offset, place);
}

function found(part: number | null, text: string, offsetBase: number, start: FilePlace): FoundText {
  let places: Places | null = null;
  return {
    record: null,
    part,
    text,
    offsetBase,
    locate: (offset) => (places ??= new Places(text, start)).at(offset),
  };
}
