import { LensError } from '../../common/errors';
import { csv } from './csv';
import type { Format } from './format';
import { jsonArray } from './json';
import { jsonLines } from './jsonLines';
import { plainText } from './plain';

/**
 * The format of a file by the end of its name. A .json file is records when it is an array of them with a text in the
 * first; all other JSON is read as it stands, like source code.
 * @param open gives the file's text from its beginning, as often as it is called.
 * @param textField column or key that is asked for, or null.
 */
export async function chooseFormat(
  file: string,
  open: () => AsyncIterable<string>,
  textField: string | null,
): Promise<Format> {
  if (/\.(jsonl|ndjson)$/i.test(file)) return jsonLines;
  if (/\.(csv|tsv)$/i.test(file)) return csv;
  if (/\.json$/i.test(file) && (await isArrayOfTexts(open(), textField))) return jsonArray;
  return plainText;
}

async function isArrayOfTexts(chunks: AsyncIterable<string>, textField: string | null): Promise<boolean> {
  const notText = (): never => {
    throw new LensError('unsupported-text', 'its first element is no text');
  };
  const texts = jsonArray(startingAsArray(chunks), { textField, onBroken: notText });
  try {
    return (await texts.next()).done === false;
  } catch (thrown) {
    if (thrown instanceof LensError) return false;
    throw thrown;
  } finally {
    await texts.return(undefined);
  }
}

/** Nothing at all unless the first character is a bracket, so that other JSON is not searched to its end. */
async function* startingAsArray(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let isArray = false;
  for await (const chunk of chunks) {
    isArray ||= /^\s*\[/.test(chunk);
    if (!isArray && /\S/.test(chunk)) return;
    yield chunk;
  }
}
