import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csv, tsv } from '../../../src/core/text/formats/delimited';
import { fileFrom, readAs } from './formats';

const fields = fc.string({ unit: fc.constantFrom('a', 'é', '😀', '"', ',', ';', '\t', '\n', '\r\n', ' ') });
const rows = fc.array(fc.tuple(fc.nat().map(String), fields, fields));
const layouts = fc.record({
  delimiter: fc.constantFrom(',', ';', '\t'),
  lineEnd: fc.constantFrom('\n', '\r\n'),
  quoteAll: fc.boolean(),
  /** The text stands first. */
  turned: fc.boolean(),
  chunkLengths: fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 }),
});

function quoted(field: string, all: boolean): string {
  return all || /[",;\t\r\n]/.test(field) || field === '' ? `"${field.replaceAll('"', '""')}"` : field;
}

describe('csv', () => {
  it('reads what csv-parse reads, each character at its place in the file', async () => {
    await fc.assert(
      fc.asyncProperty(
        rows,
        layouts,
        async (samples, { delimiter, lineEnd, quoteAll, turned, chunkLengths }) => {
          const written = [['id', 'text', 'note'] as const, ...samples]
            .map(([id, text, note]) => (turned ? [text, note, id] : [id, text, note]))
            .map((row) => row.map((field) => quoted(field, quoteAll)).join(delimiter) + lineEnd)
            .join('');
          const expected = parse<{ text: string }>(written, { columns: true, delimiter });
          const { found, broken } = await readAs(csv, written, { chunkLengths });
          expect(broken).toEqual([]);
          expect(found.map(({ text }) => text)).toEqual(expected.map(({ text }) => text));
          for (const { text, locate } of found) {
            text.split('').forEach((unit, offset) => {
              expect(fileFrom(written, locate(offset)).charAt(0)).toBe(unit);
            });
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('lets a quote within a field stand for itself', async () => {
    const { found } = await readAs(csv, 'text,size\na 5" screen,1\r"5"" wide",2\n\nlast,3');
    expect(found.map(({ record, text }) => [record, text])).toEqual([
      [0, 'a 5" screen'],
      [1, '5" wide'],
      [2, 'last'],
    ]);
    expect(found[1]!.locate(3)).toEqual({ line: 3, column: 6 });
  });

  it('counts broken records and goes on', async () => {
    const file = 'id,text\n1\n2,"a"b\n3,good\n4,cut, off\n5,"never closed\n6,x\n';
    const { found, broken } = await readAs(csv, file);
    expect(found.map(({ text }) => text)).toEqual(['good']);
    expect(broken).toEqual([
      { line: 2, column: 1, fault: 'fieldCount', reason: 'it has 1 field, and the file 2 columns' },
      { line: 3, column: 1, fault: 'openQuote', reason: 'a quote does not end its field' },
      { line: 5, column: 1, fault: 'fieldCount', reason: 'it has 3 fields, and the file 2 columns' },
      {
        ...{ line: 6, column: 1, fault: 'openQuote' },
        reason: 'a quote does not end its field, and the record goes on to line 7',
      },
    ]);
  });

  it('takes a blank before a quote for a part of the field, and says where that cuts one', async () => {
    const file = 'id,text\n1, "two"\n2,  "far, away"\n3, "two\nlines"\n4, 5" wide\n5,he said "yes\n';
    const { found, broken } = await readAs(csv, file);
    expect(found.map(({ text }) => text)).toEqual([' "two"', ' 5" wide', 'he said "yes']);
    expect(broken.map(({ line, fault }) => `${line} ${fault}`)).toEqual([
      '3 openQuote',
      '4 openQuote',
      '5 fieldCount',
    ]);
  });

  it('takes whole lines where there is one column', async () => {
    const lines = 'the cat, sat; on | a\tmat\nnull and void\n"a, ""b"""\n';
    const { found, broken } = await readAs(csv, `text\n${lines}`);
    expect(broken).toEqual([]);
    expect(found.map(({ text }) => text)).toEqual(['the cat, sat; on | a\tmat', 'null and void', 'a, "b"']);
  });

  it.each(['text,id\n"never closed,1\n', 'id,text\n,"never closed\n'])(
    'ends with a quote that does not: %j',
    async (file) => {
      const { found, broken } = await readAs(csv, file);
      expect(found).toEqual([]);
      expect(broken).toMatchObject([{ line: 2, fault: 'openQuote' }]);
    },
  );

  it('finds the text under a name with blanks around it, behind a name of two lines', async () => {
    const { found } = await readAs(csv, '"i\nd", Text ,n\n1,a,2\n');
    expect(found.map(({ text, locate }) => [text, locate(0)])).toEqual([['a', { line: 3, column: 3 }]]);
  });

  it('lists the columns when none says text', async () => {
    const refused = (columns: readonly string[], reason: string, textField: string | null = null) =>
      expect(readAs(csv, `${columns.join()}\n`, { textField })).rejects.toMatchObject({
        code: 'unsupported-text',
        message: `${reason}: name the one that holds the text (--text-field)`,
      });
    const none = 'none of its columns has a name that says “text”; its columns are';
    await refused(['id', 'label'], `${none} id, label`);
    await refused(['text', 'id'], 'it has no column “Text”; its columns are text, id', 'Text');
    const many = Array.from({ length: 21 }, (_, index) => `c${index}`);
    await refused(many.slice(1), `${none} ${many.slice(1).join(', ')}`);
    await refused(many, `${none} ${many.slice(0, 20).join(', ')}, …`);
    expect((await readAs(csv, 'quotes\nto be\n')).found.map(({ text }) => text)).toEqual(['to be']);
  });
});

const cells = fc.string({ unit: fc.constantFrom('a', 'é', '😀', '"', ',', ';', '|', "'", '\\', ' ') });

describe('tsv', () => {
  it('cuts at tabs alone, each character at its place in the file', async () => {
    const table = fc.array(fc.tuple(cells, cells), { minLength: 1 });
    const ends = fc.constantFrom('\n', '\r\n', '\r');
    const lengths = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(table, ends, lengths, async (samples, end, chunkLengths) => {
        const lines = ['label, raw\ttext', ...samples.map((row) => row.join('\t'))];
        const written = lines.join(end);
        const { found, broken } = await readAs(tsv, written, { chunkLengths });
        expect(broken).toEqual([]);
        expect(found.map(({ text }) => text)).toEqual(samples.map(([, text]) => text));
        for (const { text, locate } of found) {
          text.split('').forEach((unit, offset) => {
            expect(fileFrom(written, locate(offset)).charAt(0)).toBe(unit);
          });
        }
      }),
    );
  });

  it('counts rows with other fields than the header, and lets no quote swallow lines', async () => {
    const { found, broken } = await readAs(tsv, 'text\tlabel\n"open\tx\none\ntwo\ty\tz\nlast"\tw\n');
    expect(found.map(({ record, text }) => [record, text])).toEqual([
      [0, '"open'],
      [3, 'last"'],
    ]);
    expect(broken).toMatchObject([
      { line: 3, fault: 'fieldCount', reason: 'it has 1 field, and the file 2 columns' },
      { line: 4, fault: 'fieldCount', reason: 'it has 3 fields, and the file 2 columns' },
    ]);
  });
});
