import type { FilePlace } from '../document';
import { partEnd, PART_LENGTH } from '../parts';
import { FILE_START, Places } from '../places';
import type { FoundText } from './format';

/** Prose and source code: the text is the file, in parts when it is long. */
export async function* plainText(chunks: AsyncIterable<string>): AsyncGenerator<FoundText> {
  let pending = '';
  let offset = 0;
  let part = 0;
  let place = FILE_START;
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
