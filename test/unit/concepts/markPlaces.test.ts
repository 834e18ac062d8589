import { expect, it } from 'vitest';
import { markPlaces } from '../../../src/core/concepts/own/markPlaces';
import { chooseFormat } from '../../../src/core/text/formats/chooseFormat';

async function marks(file: string, text: string, ...ranges: [string, string][]) {
  const open = async function* () {
    yield await Promise.resolve(text);
  };
  const place = (place: string) => {
    const [line, column] = place.split(':').map(Number);
    return { line: line!, column: column! };
  };
  const wanted = ranges.map(([from, to]) => ({ from: place(from), to: place(to) }));
  return markPlaces(file, await chooseFormat(file, open, null), text, wanted);
}

it('writes down stretches of plain text with what stands around them, a surrogate pair whole', async () => {
  const text = `${'x'.repeat(30)}\r\nthe 🐈 sat\n`;
  expect(await marks('a.txt', text, ['2:5', '2:7'], ['2:8', '2:11'])).toEqual([
    {
      ...{ file: 'a.txt', start: 36, end: 38, text: '🐈' },
      ...{ before: `${'x'.repeat(18)}\r\nthe `, after: ' sat\n' },
    },
    {
      ...{ file: 'a.txt', start: 39, end: 42, text: 'sat' },
      ...{ before: `${'x'.repeat(15)}\r\nthe 🐈 `, after: '\n' },
    },
  ]);
  const cut = `${'🐈'.repeat(20)}cat`;
  const [mark] = await marks('a.txt', `x${cut}`, ['1:42', '1:45']);
  expect(mark).toMatchObject({ text: 'cat', before: '🐈'.repeat(12), after: '' });
  const [odd] = await marks('a.txt', `${cut.slice(0, -3)}.cat`, ['1:42', '1:45']);
  expect(odd!.before).toBe(`${'🐈'.repeat(11)}.`);
});

it('writes down stretches of records by their own text, whatever escapes the file has', async () => {
  const text = '{"id":1,"text":"one"}\n{"id":2,"text":"say \\"cat\\" twice"}\n';
  const line = text.split('\n')[1]!;
  const column = line.indexOf('cat') + 1;
  expect(await marks('a.jsonl', text, [`2:${column}`, `2:${column + 3}`])).toEqual([
    { file: 'a.jsonl', record: 1, start: 5, end: 8, text: 'cat', before: 'say "', after: '" twice' },
  ]);
  // What is no text of a record is no place; what reaches over two is one in each.
  expect(await marks('a.jsonl', text, ['1:2', '1:6'])).toEqual([]);
  const both = await marks('a.jsonl', text, ['1:18', `2:${column}`]);
  expect(both.map(({ record, text: marked }) => [record, marked])).toEqual([
    [0, 'ne'],
    [1, 'say "'],
  ]);
});
