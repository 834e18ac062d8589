import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { treebankLabels, treebankQuestion } from '../../../src/core/concepts/own/treebankLabels';
import { conllu, treebankDocuments } from '../../../src/core/text/formats/conllu';
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

/** Words as they are written, some of them two words in one, with a space behind them or none. */
const words = fc.array(
  fc.record({
    form: fc.constantFrom('a', 'so', '1.5', 'é😀', '#'),
    isTwo: fc.boolean(),
    hasSpace: fc.boolean(),
  }),
  { minLength: 1, maxLength: 12 },
);
const upToTwo = { minLength: 1, maxLength: 2 };
const documents = fc.array(fc.array(fc.array(words, upToTwo), upToTwo), upToTwo);

/** The rows of a sentence, with an empty node before each single word. */
function sentenceRows(sentence: readonly { form: string; isTwo: boolean; hasSpace: boolean }[]): string[] {
  let id = 0;
  return sentence.flatMap(({ form, isTwo, hasSpace }) => {
    const misc = hasSpace ? '_' : 'SpaceAfter=No|Translit=x';
    id += 1;
    if (!isTwo) return [row(`${id - 1}.1`, 'ghost', 'X'), row(`${id}`, form, 'X', '_', misc)];
    id += 1;
    const parts = [row(`${id - 1}`, 'part', 'X'), row(`${id}`, 'part', 'X')];
    return [row(`${id - 1}-${id}`, form, '_', '_', misc), ...parts];
  });
}

describe('a treebank in CoNLL-U', () => {
  it('gives every document as its sentences are written, and each word where it stands', async () => {
    const layouts = [fc.constantFrom('\n', '\r\n'), fc.integer({ min: 1, max: 40 })] as const;
    await fc.assert(
      fc.asyncProperty(documents, ...layouts, async (bank, end, chunk) => {
        const lines = bank.flatMap((paragraphs) => [
          '# newdoc',
          ...paragraphs.flatMap((sentences) => [
            '# newpar',
            ...sentences.flatMap((sentence) => ['# text = …', ...sentenceRows(sentence), '']),
          ]),
        ]);
        const written = lines.map((line) => line + end).join('');
        const expected = bank.map((paragraphs) =>
          paragraphs
            .map((sentences) =>
              sentences
                .map((sentence) => {
                  const pieces = sentence.flatMap(({ form, hasSpace }) => [form, hasSpace ? ' ' : '']);
                  return `${pieces.slice(0, -1).join('')}\n`;
                })
                .join(''),
            )
            .join('\n'),
        );
        const { found, broken } = await readAs(conllu, written, { chunkLengths: [chunk] });
        expect(broken).toEqual([]);
        expect(found.map(({ text }) => text)).toEqual(expected);
        let number = 0;
        for await (const { text, words, locate } of treebankDocuments(pieces(written, chunk))) {
          const forms = bank[number++]!.flat(2).flatMap(({ form, isTwo }) => (isTwo ? [form, form] : [form]));
          expect(words.map(({ start, end }) => text.slice(start, end))).toEqual(forms);
          for (const { start, end } of words)
            expect(fileFrom(written, locate(start)).startsWith(`${text.slice(start, end)}\t`)).toBe(true);
        }
        expect(number).toBe(bank.length);
      }),
      { numRuns: 50 },
    );
  });

  it('is its text, a document a newdoc, and knows where each word stands in the file', async () => {
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
    const text = `${row('1', 'Fine', 'ADJ')}\n\n${row('1', 'a', 'DET')}\n2\tb\n\n${row('x', 'c', 'DET')}\n\n${row('1', 'End', 'NOUN')}\n\n\nlone\n\n${row('1', '', 'X')}\n${row('?', 'second', 'X')}\n\n${row('1a', 'c', 'DET')}\n\n${row(`-1${'0'.repeat(30)}`, 'd', 'X')}\n`;
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
      {
        ...{ line: 11, column: 1, fault: 'treebank' },
        reason: 'it has 1 column, a word of CoNLL-U has 10, with tabs between',
      },
      { line: 13, column: 1, fault: 'treebank', reason: 'the word has no form' },
      { line: 16, column: 1, fault: 'treebank', reason: '"1a" is no number of a word' },
      {
        ...{ line: 18, column: 1, fault: 'treebank' },
        reason: `"-1${'0'.repeat(18)}" is no number of a word`,
      },
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
