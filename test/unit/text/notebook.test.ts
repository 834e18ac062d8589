import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { notebook } from '../../../src/core/text/formats/notebook';
import { LONGEST_RECORD } from '../../../src/core/text/formats/records';
import { fileFrom, readAs } from './formats';

const line = fc.string({ unit: fc.constantFrom('a', 'é', '😀', '"', '\\', '\n', '\t', '\u2028', ']', '}') });
const source = fc.oneof(line, fc.array(line));
const cells = fc.array(
  fc.record({ source, output: line, kind: fc.constantFrom('code', 'markdown', 'raw') }),
  {
    minLength: 1,
  },
);

/** Whether a file goes on with this character, as it is or escaped. */
function goesOnWith(rest: string, unit: string): boolean {
  if (!rest.startsWith('\\')) return rest.startsWith(unit);
  return JSON.parse(`"${rest.slice(0, rest.charAt(1) === 'u' ? 6 : 2)}"`) === unit;
}

describe('notebook', () => {
  it("gives its cells' sources and nothing else, each character at its place in the file", async () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 });
    const indents = fc.constantFrom(0, 1);
    await fc.assert(
      fc.asyncProperty(cells, indents, lengths, async (samples, indent, chunkLengths) => {
        const written = JSON.stringify(
          {
            metadata: { cells: [{ source: 'not this' }] },
            cells: samples.map(({ source, output, kind }) => ({
              cell_type: kind,
              outputs: [{ data: { 'image/png': output, source: [output] } }],
              source,
            })),
            nbformat: 4,
          },
          null,
          indent,
        );
        const { found, broken } = await readAs(notebook, written, { chunkLengths });
        expect(broken).toEqual([]);
        expect(found.map(({ record, text }) => [record, text])).toEqual(
          samples.map(({ source }, cell) => [cell, [source].flat().join('')]),
        );
        for (const { text, locate } of found) {
          text.split('').forEach((unit, offset) => {
            expect(goesOnWith(fileFrom(written, locate(offset)), unit)).toBe(true);
          });
        }
      }),
    );
  });

  it('reads the sheets of the third version', async () => {
    const cells = [
      { cell_type: 'markdown', source: ['one'] },
      { cell_type: 'code', input: ['two\n', 'three'], outputs: [{ text: 'four' }] },
    ];
    const { found } = await readAs(notebook, JSON.stringify({ worksheets: [{ cells }], nbformat: 3 }));
    expect(found.map(({ text }) => text)).toEqual(['one', 'two\nthree']);
  });

  it('counts cells without a source and goes on', async () => {
    const file = '{"cells": [\n{"source": 7},\n"x",\n{"source": ["a", 1]},\n{"source": "last"}]}';
    const { found, broken } = await readAs(notebook, file);
    expect(found.map(({ record, text }) => [record, text])).toEqual([[3, 'last']]);
    expect(broken.map(({ line, fault }) => [line, fault])).toEqual([
      [2, 'noText'],
      [3, 'noText'],
      [4, 'noText'],
    ]);
  });

  it('is none where it is longer than a record may be', async () => {
    await expect(readAs(notebook, ' '.repeat(LONGEST_RECORD + 1))).rejects.toMatchObject({
      code: 'unsupported-text',
      message: expect.stringContaining('longer than 64 Mi') as string,
    });
  });

  it.each([
    ['{"cells": [', 'not valid JSON'],
    ['[1]', 'has no cells'],
    ['{"worksheets": [3]}', 'has no cells'],
    ['', 'not valid JSON'],
  ])('says what is the matter with %s', async (file, reason) => {
    await expect(readAs(notebook, file)).rejects.toThrow(reason);
  });
});
