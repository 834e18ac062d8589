import type { FilePlace, FileRange } from '../document';
import { sliceEnd, SLICE_LENGTH } from '../slices';
import { FILE_START, Places } from '../places';
import type { Format, FoundText, ReadTexts } from './format';

/** Prose and source code, and whatever is of no other kind: the text is the file, in slices when it is long. */
export const plainText: Pick<Format, 'read'> = {
  read: (chunks) => slicesOf(chunks, 0, FILE_START),
};

/** A stretch of prose or source code by itself: what stands around it is not read. */
export function plainTextBetween({ from, to }: FileRange): ReadTexts {
  return async function* (chunks) {
    let text = '';
    for await (const chunk of chunks) text += chunk;
    const places = new Places(text, FILE_START);
    const start = places.offsetOf(from);
    yield* slicesOf([text.slice(start, places.offsetOf(to))], start, places.at(start));
  };
}

async function* slicesOf(
  chunks: AsyncIterable<string> | Iterable<string>,
  startOffset: number,
  startPlace: FilePlace,
): AsyncGenerator<FoundText> {
  let pending = '';
  let offset = startOffset;
  let slice = 0;
  let place = startPlace;
  for await (const chunk of chunks) {
    pending += chunk;
    let start = 0;
    while (pending.length - start > SLICE_LENGTH) {
      const end = sliceEnd(pending, start);
      const text = pending.slice(start, end);
      slice += 1;
      yield found(slice, text, offset, place);
      place = new Places(text, place).end;
      offset += text.length;
      start = end;
    }
    pending = pending.slice(start);
  }
  if (pending.length > 0) yield found(slice === 0 ? null : slice + 1, pending, offset, place);
}

function found(slice: number | null, text: string, offsetBase: number, start: FilePlace): FoundText {
  let places: Places | null = null;
  return {
    record: null,
    slice,
    text,
    offsetBase,
    locate: (offset) => (places ??= new Places(text, start)).at(offset),
  };
}
