import { describe, expect, it } from 'vitest';
import { labelTable } from '../../../src/core/concepts/own/labelTable';

describe('a table of labels', () => {
  it('gives a concept for each label, of spans, lines and documents', () => {
    const csv = [
      'file,start,end,line,endLine,record,label,text',
      './docs\\a.md,3,7,,,,units,"a ""b"', // the column text is what the span reads
      'docs/a.md,,,2,4,,units,',
      'b.jsonl,,,,,5,other,',
    ].join('\r\n');
    const [units, other] = labelTable('x/labels.csv', csv);
    expect(units).toMatchObject({ kind: 'labels', name: 'units', source: 'labels', pattern: 'x/labels.csv' });
    if (units?.kind !== 'labels' || other?.kind !== 'labels') throw new Error('no labels');
    expect(units.labels.get('docs/a.md')).toEqual([
      { record: null, part: { kind: 'span', span: { start: 3, end: 7 } }, text: 'a "b', line: 2 },
      { record: null, part: { kind: 'lines', first: 2, last: 4 }, text: undefined, line: 3 },
    ]);
    expect(other.labels.get('b.jsonl')).toMatchObject([{ record: 5, part: { kind: 'document' }, line: 4 }]);
  });

  it('may be JSON lines, and be called by its file where it names no label', () => {
    const [concept] = labelTable('/tmp/units.jsonl', '{"file":"a","line":3}\n\n{"file":"b"}\n');
    expect(concept!.name).toBe('units');
    if (concept!.kind !== 'labels') throw new Error('no labels');
    expect([...concept!.labels.keys()]).toEqual(['a', 'b']);
    expect(concept!.labels.get('b')![0]!.line).toBe(3);
  });

  it.each([
    ['l.csv', 'a,b\n1,2', 'l.csv, line 1: no column is called "file".'],
    ['l.csv', '', 'l.csv has no line of column names.'],
    ['l.csv', 'file,start\nx,1,2', 'l.csv, line 2: it has 3 fields, and the file 2 columns.'],
    ['l.csv', 'file,start,end\nx,1,2\ny,"3', 'l.csv, line 3: a quote does not end its field.'],
    ['l.csv', 'file,start,end\nx,one,2', 'l.csv, line 2: "start" is no whole number.'],
    ['l.csv', 'file,start,end\nx,4,4', 'l.csv, line 2: the span ends before it begins.'],
    ['l.csv', 'file,start,end\nx,4,', 'l.csv, line 2: a span needs both "start" and "end".'],
    ['l.csv', 'file,line\nx,0', 'l.csv, line 2: lines count from 1, and the last is not before the first.'],
    ['l.csv', 'file,line\n,3', 'l.csv, line 2: it has no "file".'],
    ['l.csv', 'file\n', 'l.csv has no labels.'],
    ['l.jsonl', '{"file":"a"}\n{"file"', 'l.jsonl, line 2: it is no JSON.'],
    ['l.jsonl', '[1]', 'l.jsonl, line 1: it is no JSON object.'],
    ['l.jsonl', '{"file":3}', 'l.jsonl, line 1: "file" is no text.'],
    ['l.jsonl', '{"file":"a","line":-1}', 'l.jsonl, line 1: "line" is no whole number.'],
    ['l.txt', 'x', 'l.txt is no table of labels. Wanted is a .csv or .jsonl file, or COLUMN=VALUE.'],
  ])('says what is wrong in %s and on which line: %j', (name, text, sentence) => {
    expect(() => labelTable(name, text)).toThrow(sentence);
  });
});
