import { describe, expect, it } from 'vitest';
import { treebankLabels, treebankQuestion } from '../../../src/core/concepts/own/treebankLabels';
import { chooseFormat } from '../../../src/core/text/formats/chooseFormat';
import { conllu } from '../../../src/core/text/formats/conllu';
import { fileFrom, readAs } from './formats';

const row = (id: string, form: string, upos: string, feats = '_', misc = '_'): string =>
  [id, form, form.toLowerCase(), upos, '_', feats, '0', 'dep', '_', misc].join('\t');

const BANK = [
  '# newdoc id = one',
  "# text = We don't, Ann.",
  row('1', 'We', 'PRON', 'Case=Nom|Number=Plur'),
  row('2-3', "don't", '_', '_', 'SpaceAfter=No'),
  row('2', 'do', 'AUX'),
  row('3', "n't", 'PART'),
  row('4', ',', 'PUNCT'),
  row('5', 'Ann', 'PROPN', 'Number=Sing', 'Foo=Bar|SpaceAfter=No'),
  row('5.1', 'ghost', 'VERB'),
  row('6', '.', 'PUNCT'),
  '',
  row('1', 'So', 'ADV'),
  '',
  '# newpar',
  row('1', 'Go', 'VERB', 'PronType=Int,Rel'),
  '',
  '# newdoc id = two',
  row('1', 'Cats', 'NOUN', 'Number=Plur'),
  '',
].join('\n');

async function* pieces(text: string, length: number): AsyncGenerator<string> {
  await Promise.resolve();
  for (let at = 0; at < text.length; at += length) yield text.slice(at, at + length);
}

describe('a treebank in CoNLL-U', () => {
  it('is its text, a document a newdoc, and knows where each word stands in the file', async () => {
    expect(await chooseFormat('a/b.CONLLU', () => pieces(BANK, 9), null)).toBe(conllu.read);
    for (const chunkLengths of [[1], [7, 2], [BANK.length]]) {
      const { found, broken } = await readAs(conllu, BANK, { chunkLengths });
      expect(found.map(({ text }) => text)).toEqual(["We don't, Ann.\nSo\n\nGo\n", 'Cats\n']);
      expect(found.map(({ record }) => record)).toEqual([0, 1]);
      expect(broken).toEqual([]);
      for (const [document, word] of [
        [0, 'We'],
        [0, "don't"],
        [0, 'Ann'],
        [0, 'Go'],
        [1, 'Cats'],
      ] as const) {
        const { text, locate } = found[document]!;
        expect(fileFrom(BANK, locate(text.indexOf(word))).startsWith(word)).toBe(true);
      }
    }
  });

  it('is one document without a newdoc, with any line ends', async () => {
    const text = `${row('1', 'Hi', 'INTJ')}\r\n\r\n${row('1', 'you', 'PRON')}\r\n\r\n`;
    const { found } = await readAs(conllu, text);
    expect(found.map((document) => document.text)).toEqual(['Hi\nyou\n']);
    expect(found[0]!.locate(3)).toEqual({ line: 3, column: 3 });
  });

  it('leaves broken sentences out, and says which line is broken and why', async () => {
    const text = `${row('1', 'Fine', 'ADJ')}\n\n${row('1', 'a', 'DET')}\n2\tb\n\n${row('x', 'c', 'DET')}\n\n${row('1', 'End', 'NOUN')}`;
    const { found, broken } = await readAs(conllu, text);
    expect(found.map((document) => document.text)).toEqual(['Fine\nEnd\n']);
    expect(broken).toEqual([
      {
        line: 4,
        column: 1,
        fault: 'treebank',
        reason: 'it has 2 columns, a word of CoNLL-U has 10, with tabs between',
      },
      { line: 6, column: 1, fault: 'treebank', reason: '"x" is no number of a word' },
    ]);
  });

  it('gives the words with a value of a column, a feature, or one of several values', async () => {
    const { found } = await readAs(conllu, BANK);
    const labelled = async (asked: string) =>
      (await treebankLabels(pieces(BANK, 50), treebankQuestion(asked)!)).map(({ record, part }) =>
        part.kind === 'span' ? found[record!]!.text.slice(part.span.start, part.span.end) : '',
      );
    expect(await labelled('UPOS=PROPN')).toEqual(['Ann']);
    expect(await labelled('upos=PART')).toEqual(["don't"]);
    expect(await labelled('Number=Plur')).toEqual(['We', 'Cats']);
    expect(await labelled('PronType=Rel')).toEqual(['Go']);
    expect(await labelled('Foo=Bar')).toEqual(['Ann']);
    expect(await labelled('upos=VERB')).toEqual(['Go']);
    expect(treebankQuestion('labels.csv')).toBeNull();
  });
});
