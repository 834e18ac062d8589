import { conllu } from './conllu';
import { csv, tsv } from './delimited';
import type { Format, ReadTexts } from './format';
import { jsonArray } from './json';
import { jsonLines } from './jsonLines';
import { notebook } from './notebook';
import { plainText } from './plain';

/** Every kind of file that is read as something else than plain text. The first that matches is taken. */
const FORMATS: readonly Format[] = [jsonLines, notebook, csv, tsv, conllu, jsonArray];

/** How a file is read: arguments as those of `Format.matches`. */
export async function chooseFormat(...file: Parameters<Format['matches']>): Promise<ReadTexts> {
  for (const format of FORMATS) if (await format.matches(...file)) return format.read;
  return plainText.read;
}
