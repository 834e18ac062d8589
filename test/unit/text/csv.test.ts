import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csv } from '../../../src/core/text/formats/csv';
import { fileFrom, readAs } from './formats';

const fields = fc.string({ unit: fc.constantFrom('a', 'é', '😀', '"', ',', ';', '\t', '\n', '\r\n', ' ') });
const rows = fc.array(fc.tuple(fc.nat().map(String), fields, fields));
const layouts = fc.record({
  delimiter: fc.constantFrom(',', ';', '\t'),
  lineEnd: fc.constantFrom('\n', '\r\n'),
  quoteAll: fc.boolean(),
  chunkLengths: fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 }),
});

function quoted(field: string, all: boolean): string {
  return all || /[",;\t\r\n]/.test(field) || field === '' ? `"${field.replaceAll('"', '""')}"` : field;
}

describe('csv', () => {
  it('reads what csv-parse reads, each character at its place in the file', async () => {
    await fc.assert(
      fc.asyncProperty(rows, layouts, async (samples, { delimiter, lineEnd, quoteAll, chunkLengths }) => {
        const written = [['id', 'text', 'note'], ...samples]
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
      }),
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
    const { found, broken } = await readAs(csv, 'id,text\n1\n2,"a"b\n3,good\n4,"never closed\n5,x\n');
    expect(found.map(({ text }) => text)).toEqual(['good']);
    expect(broken).toEqual([
      { line: 2, column: 1, reason: 'it has only 1 columns' },
      { line: 3, column: 1, reason: 'a quote does not end its field' },
      { line: 5, column: 1, reason: 'a quote does not end its field' },
    ]);
  });

  it('lists the columns when none says text', async () => {
    await expect(readAs(csv, 'id,label\n1,2\n')).rejects.toThrow('its columns are id, label');
    expect((await readAs(csv, 'quotes\nto be\n')).found.map(({ text }) => text)).toEqual(['to be']);
  });
});
