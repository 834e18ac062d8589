import { expect, it } from 'vitest';
import { chooseFormat } from '../../../src/core/text/formats/chooseFormat';
import { conllu } from '../../../src/core/text/formats/conllu';
import { csv, tsv } from '../../../src/core/text/formats/delimited';
import { jsonArray } from '../../../src/core/text/formats/json';
import { jsonLines } from '../../../src/core/text/formats/jsonLines';
import { notebook } from '../../../src/core/text/formats/notebook';
import { plainText } from '../../../src/core/text/formats/plain';

async function* texts(): AsyncGenerator<string> {
  yield await Promise.resolve('["a text"]');
}

it.each([
  ['jsonl', jsonLines],
  ['ndjson', jsonLines],
  ['ipynb', notebook],
  ['csv', csv],
  ['tsv', tsv],
  ['conllu', conllu],
  ['json', jsonArray],
])(
  'reads .%s, in any case, as what it is, and a name that only holds it as plain text',
  async (end, { read }) => {
    const chosen = (file: string) => chooseFormat(file, texts, null);
    expect(await chosen(`a/b.${end}`)).toBe(read);
    expect(await chosen(`a/b.${end.toUpperCase()}`)).toBe(read);
    for (const other of [`a/b.${end}.bak`, `a.${end}/b`, `a/b${end}`])
      expect(await chosen(other)).toBe(plainText.read);
  },
);
