import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conllu } from '../../../src/core/text/formats/conllu';
import { ElementSplitter, jsonArray } from '../../../src/core/text/formats/json';
import { jsonLines, LineSplitter } from '../../../src/core/text/formats/jsonLines';
import { LONGEST_RECORD, splitRecords } from '../../../src/core/text/formats/records';
import { RowSplitter } from '../../../src/core/text/formats/rowSplitter';
import { SLICE_LENGTH } from '../../../src/core/text/slices';
import { fileFrom, readAs } from './formats';

/** A JSON string literal in which some characters are escaped that need not be. */
function literal(text: string, escapeAll: boolean): string {
  if (!escapeAll) return JSON.stringify(text);
  return `"${text.replace(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)}"`;
}

/** Whether a file goes on with this character, as it is or escaped. */
function goesOnWith(rest: string, unit: string): boolean {
  if (!rest.startsWith('\\')) return rest.startsWith(unit);
  return JSON.parse(`"${rest.slice(0, rest.charAt(1) === 'u' ? 6 : 2)}"`) === unit;
}

const texts = fc.string({
  unit: fc.constantFrom('a', '"', '\\', '\n', '\r', '\t', 'é', '😀', '\u2028', ',', ']', '{'),
});
const records = fc.array(
  fc.record({
    text: texts,
    escapeAll: fc.boolean(),
    before: texts,
    form: fc.constantFrom('string', 'object'),
  }),
);
const chunkLengths = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 });

type Sample = typeof records extends fc.Arbitrary<infer R> ? R : never;
function write(samples: Sample, separator: string): string {
  const objects = samples.map(({ text, escapeAll, before, form }) =>
    form === 'string'
      ? literal(text, escapeAll)
      : `{ "id": [1, {"text": ${JSON.stringify(before)}}], "text" :\t${literal(text, escapeAll)} , "n": -1e3}`,
  );
  return objects.join(separator);
}

describe.each([
  { name: 'JSON lines', format: jsonLines, file: (samples: Sample) => write(samples, '\n') },
  {
    name: 'JSON lines from Windows',
    format: jsonLines,
    file: (samples: Sample) => `${write(samples, '\r\n\r\n')}\r\n`,
  },
  {
    name: 'a JSON array',
    format: jsonArray,
    file: (samples: Sample) => `\n[ ${write(samples, ' ,\n\t')}\n]\n`,
  },
])('$name', ({ format, file }) => {
  it('gives back what was written, each character at its place in the file', async () => {
    await fc.assert(
      fc.asyncProperty(records, chunkLengths, async (samples, lengths) => {
        const written = file(samples);
        const { found, broken } = await readAs(format, written, { chunkLengths: lengths });
        expect(broken).toEqual([]);
        expect(found.map(({ text }) => text)).toEqual(samples.map(({ text }) => text));
        expect(found.map(({ record }) => record)).toEqual(samples.map((_, index) => index));
        for (const { text, locate } of found) {
          text.split('').forEach((unit, offset) => {
            expect(goesOnWith(fileFrom(written, locate(offset)), unit)).toBe(true);
          });
          expect(fileFrom(written, locate(text.length)).startsWith('"')).toBe(true);
        }
      }),
    );
  });
});

describe('jsonLines', () => {
  it('counts broken lines and goes on', async () => {
    const lines = [
      '{"text":"one"}',
      '{"text":',
      '',
      '{"body":"x"}',
      '{"text":7}',
      '[1]',
      '{"text":"two"}',
      'null',
      '{"te',
    ];
    const { found, broken } = await readAs(jsonLines, lines.join('\n'));
    expect(found.map(({ record, text }) => [record, text])).toEqual([
      [0, 'one'],
      [2, 'x'],
      [5, 'two'],
    ]);
    expect(broken).toEqual([
      { line: 2, column: 1, fault: 'invalidJson', reason: 'it is not valid JSON' },
      { line: 5, column: 1, fault: 'noText', reason: 'it has no text in “text”' },
      { line: 6, column: 1, fault: 'noText', reason: 'it is neither a text nor an object' },
      { line: 8, column: 1, fault: 'noText', reason: 'it is neither a text nor an object' },
      { line: 9, column: 1, fault: 'invalidJson', reason: 'it is not valid JSON' },
    ]);
  });

  it('looks through a thousand records for a usual name before it takes the only other one', async () => {
    const read = (others: number) =>
      readAs(jsonLines, `${'{"quote":"q"}\n'.repeat(others)}{"text":"t"}\n`).then(({ found, broken }) => [
        found.length,
        broken.length,
      ]);
    expect(await read(999)).toEqual([1, 999]);
    expect(await read(1000)).toEqual([1001, 0]);
  });

  it('looks for the text beyond the first record, and in each by itself', async () => {
    const read = async (...lines: string[]): Promise<unknown> => {
      const { found, broken } = await readAs(jsonLines, lines.join('\n'));
      return [found.map(({ record, text }) => `${record} ${text}`), broken.map(({ line }) => line)];
    };
    const texts = ['{"text":"a"}', '{"text":"b"}'];
    expect(await read('{"dataset":"mine"}', ...texts)).toEqual([['1 a', '2 b'], [1]]);
    expect(await read('{"version":1,"source":"x"}', ...texts)).toEqual([['1 a', '2 b'], [1]]);
    const schemas = ['{"body":"one","id":1}', '{"content":"two"}', '{"text":"no","body":"three"}'];
    expect(await read(...schemas)).toEqual([['0 one', '1 two', '2 three'], []]);
    // Under a name that says nothing, as long as it is the only one.
    expect(await read('{"quote":"a"}', '{"quote":7}', '{"quote":"b"}')).toEqual([['0 a', '2 b'], [2]]);
    await expect(read('{"quote":"a"}', '{"line":"b"}')).rejects.toThrow('its columns are quote, line');
  });

  it('takes the field that is asked for, or one of a usual name', async () => {
    const line = '{"id":"7","Body":"b","summary":"s","__proto__":"p"}';
    const read = async (textField: string | null): Promise<string[]> =>
      (await readAs(jsonLines, line, { textField })).found.map(({ text }) => text);
    expect(await read(null)).toEqual(['b']);
    expect(await read('summary')).toEqual(['s']);
    expect(await read('__proto__')).toEqual(['p']);
    await expect(read('title')).rejects.toThrow(
      'no column “title”; its columns are id, Body, summary, __proto__',
    );
    await expect(readAs(jsonLines, '{"a":"1","b":"2"}')).rejects.toMatchObject({ code: 'unsupported-text' });
  });

  it('cuts a text into slices only where it is longer than a document may be', async () => {
    const text = 'a "quoted" word, '.repeat(SLICE_LENGTH / 16).slice(0, SLICE_LENGTH + 1);
    const read = (length: number) => readAs(jsonLines, `"x"\n${JSON.stringify(text.slice(0, length))}`);
    expect((await read(SLICE_LENGTH)).found.map(({ slice }) => slice)).toEqual([null, null]);
    const [, ...slices] = (await read(SLICE_LENGTH + 1)).found;
    expect(slices.map(({ record, slice }) => [record, slice])).toEqual([
      [1, 1],
      [1, 2],
    ]);
    expect(slices.map((slice) => slice.text).join('') === text).toBe(true);
    expect(slices.map(({ offsetBase }) => offsetBase)).toEqual([0, slices[0]!.text.length]);
    const before = JSON.stringify(slices[0]!.text).length - 2;
    expect(slices[1]!.locate(0)).toEqual({ line: 2, column: 2 + before });
  });

  it('finds the text behind values of every kind', async () => {
    const line = '{"a":-12.5e3,"b" : true,"c":null ,"d":[[1,"]"],{"text":2}],"e":{},"f":"\\"","text":"x"}';
    const { found } = await readAs(jsonLines, line);
    expect(found.map(({ text, locate }) => [text, locate(0)])).toEqual([
      ['x', { line: 1, column: line.length - 2 }],
    ]);
  });

  it('takes the last of two members of the same key, as JSON.parse does', async () => {
    const { found } = await readAs(jsonLines, '{"text":"first","text":"last"}');
    expect(found[0]!.text).toBe('last');
    expect(found[0]!.locate(0)).toEqual({ line: 1, column: 25 });
  });
});

describe('jsonArray', () => {
  it('finds an array cut off or followed by more', async () => {
    const cut = await readAs(jsonArray, '["one", "two", "thr');
    expect(cut.found.map(({ text }) => text)).toEqual(['one', 'two']);
    expect(cut.broken).toEqual([
      { line: 1, column: 16, fault: 'invalidJson', reason: 'it is not valid JSON' },
    ]);
    const more = await readAs(jsonArray, '["one"], "two"]', { chunkLengths: [3] });
    expect(more.found.map(({ text }) => text)).toEqual(['one']);
  });
});

describe('a record longer than it may be', () => {
  const rows = () => ({ delimiter: ',', quotes: true });
  it.each([
    ['lines', new LineSplitter(20), `"a"\n"${'b'.repeat(50)}"\n"c"\n`, ['"a"', '"c"']],
    ['elements', new ElementSplitter(20), `["a",\n ["${'b'.repeat(50)}]"],\n"c"]`, ['"a"', '"c"']],
    ['rows', new RowSplitter(rows, 20), `a\n${'b'.repeat(50)}\nc,"\n${'d'.repeat(50)}\nd\n`, ['a', 'd']],
  ])('is left out by itself: %s', async (_, splitter, text, others) => {
    async function* chunks(): AsyncGenerator<string> {
      for (let start = 0; start < text.length; start += 7)
        yield Promise.resolve(text.slice(start, start + 7));
    }
    const records = [];
    for await (const record of splitRecords(chunks(), splitter)) records.push(record);
    expect(records.filter((record) => !record.isTooLong).map((record) => record.text.trim())).toEqual(others);
    const lines = records.filter(({ isTooLong }) => isTooLong).map(({ place }) => place.line);
    expect(lines[0]).toBe(2);
    expect(records.at(-1)!.place.line).toBe(text.trimEnd().split('\n').length);
  });

  const long = 'x'.repeat(LONGEST_RECORD + 100);
  const word = (form: string) => `1\t${form}${'\t_'.repeat(8)}\n\n`;
  it.each([
    ['JSON lines', jsonLines, `"a"\n"${long}"\n"c"\n`],
    ['a treebank', conllu, `${word('a')}# newdoc\n${word(long)}# newdoc\n${word('c')}`],
  ])('is said to be so, and counted as a record: %s', async (_, format, file) => {
    const { found, broken } = await readAs(format, file, { chunkLengths: [LONGEST_RECORD + 60] });
    expect(found.map(({ record, text }) => [record, text.trim()])).toEqual([
      [0, 'a'],
      [2, 'c'],
    ]);
    expect(broken).toMatchObject([
      { column: 1, reason: expect.stringContaining('longer than 64 Mi') as string },
    ]);
    expect(fileFrom(file.slice(0, 200), broken[0]!).slice(0, 9)).not.toContain('a');
  });
});
