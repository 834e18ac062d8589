import type { RecordFault } from '../../../src/core/common/skipReasons';
import type { FilePlace } from '../../../src/core/text/document';
import type { Format, FormatOptions, FoundText } from '../../../src/core/text/formats/format';

/** What a format makes of a file's text. */
export interface ReadFile {
  readonly found: FoundText[];
  readonly broken: (FilePlace & { fault: RecordFault; reason: string })[];
}

/** Reads a text that arrives in chunks of the given lengths, again and again. */
export async function readAs(
  format: Pick<Format, 'read'>,
  text: string,
  { textField = null as string | null, chunkLengths = [text.length + 1] } = {},
): Promise<ReadFile> {
  async function* chunks(): AsyncGenerator<string> {
    await Promise.resolve();
    let start = 0;
    for (let turn = 0; start < text.length; turn++) {
      const length = Math.max(chunkLengths[turn % chunkLengths.length]!, 1);
      yield text.slice(start, start + length);
      start += length;
    }
  }
  const broken: ReadFile['broken'] = [];
  const onBroken: FormatOptions['onBroken'] = (place, fault, reason) =>
    broken.push({ ...place, fault, reason });
  const found: FoundText[] = [];
  for await (const text of format.read(chunks(), { textField, onBroken })) found.push(text);
  return { found, broken };
}

/** The rest of the file from a place on, found by splitting it into lines as an editor does. */
export function fileFrom(file: string, { line, column }: FilePlace): string {
  const pieces = file.split(/(\r\n|\n|\r)/);
  const lines = pieces.filter((_, index) => index % 2 === 0);
  if (column > lines[line - 1]!.length + 1 + (pieces[2 * line - 1]?.length ?? 0))
    throw new Error('no such column');
  return pieces
    .slice(2 * (line - 1))
    .join('')
    .slice(column - 1);
}
