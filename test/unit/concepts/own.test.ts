import { describe, expect, it } from 'vitest';
import { Findings, TokenLayout } from '../../../src/core/concepts/labels/findings';
import { spelling } from '../../../src/core/concepts/labels/spelling';
import { findWords } from '../../../src/core/concepts/own/findWords';
import { flagsOf, type FileLabel, type OwnConcept } from '../../../src/core/concepts/own/ownConcept';
import { OwnFamily, withOwn } from '../../../src/core/concepts/own/ownFamily';
import { labelText, SILENT } from './labelText';

function found(text: string, words: string[]): string[] {
  return findWords(text, words).map(({ start, end }) => text.slice(start, end));
}

describe('words of a list', () => {
  it('are found by themselves, in capitals or not, as phrases and with signs', () => {
    const text = 'No, NOT nothing: New York, new-york, don’t know C++ or C; ice cream.';
    expect(found(text, ['no', 'not', 'new york', 'c++', 'c'])).toEqual([
      'No',
      'NOT',
      'New York',
      'C++',
      'C',
      'C',
    ]);
    expect(found('cats concat cat', ['cat'])).toEqual(['cat']);
    expect(found('naïve Straße ÄRGER', ['straße', 'ärger', 'na'])).toEqual(['Straße', 'ÄRGER']);
  });

  it('may be very many', () => {
    const words = Array.from({ length: 50_000 }, (_, i) => `w${i}`);
    expect(found(words.slice(0, 20_000).join(' '), words)).toHaveLength(20_000);
  });
});

describe('expressions', () => {
  it('are read by characters, or by units where only that is valid', () => {
    expect(flagsOf('\\p{Lu}+', 'x')).toContain('u');
    expect(flagsOf('[\\w-\\d]', 'x')).not.toContain('u');
    expect(() => flagsOf('a(', '--regex a')).toThrow(/^--regex a is no regular expression: .*\.$/);
  });
});

describe('the family of own concepts', () => {
  const labels = (...all: Partial<FileLabel>[]): OwnConcept => ({
    kind: 'labels',
    name: 'mine',
    source: 'labels',
    pattern: 'labels.csv',
    labels: new Map([
      ['a.txt', all.map((label, i) => ({ record: null, part: { kind: 'document' }, line: i + 2, ...label }))],
    ]),
  });

  async function labelled(own: OwnConcept, text: string, rest = {}) {
    const family = new OwnFamily([own]);
    const document = labelText(text, rest);
    const findings = new Findings();
    await family.find(document, findings, SILENT);
    const { tokens } = findings.labelsOf('mine', new TokenLayout(text, document.tokens));
    const { starts, ends } = document.tokens;
    return {
      carriers: [...tokens].map((token) => text.slice(starts[token], ends[token])).join(' '),
      misaligned: family.misaligned().get('mine'),
    };
  }

  it('lays spans, lines and whole documents', async () => {
    const text = 'one two\nthree four\nfive';
    const span = labels({ part: { kind: 'span', span: { start: 4, end: 13 } }, text: 'two\nthree' });
    expect(await labelled(span, text)).toEqual({ carriers: 'two three', misaligned: undefined });
    const lines = labels(
      { part: { kind: 'lines', first: 2, last: 2 } },
      { part: { kind: 'span', span: { start: 19, end: 23 } } },
    );
    expect((await labelled(lines, text)).carriers).toBe('three four five');
    expect((await labelled(labels({}), text)).carriers).toBe('one two three four five');
    expect((await labelled(labels({ record: 1 }), text, { record: 0 })).carriers).toBe('');
  });

  it('lays spans by their place in the file, in a later part of a long one too', async () => {
    const late = labels({ part: { kind: 'span', span: { start: 104, end: 107 } } });
    expect((await labelled(late, 'one two', { offsetBase: 100 })).carriers).toBe('two');
  });

  it('finds text that has moved by what stands around it, nearest to its place, and nothing that only reads alike', async () => {
    const marked = (start: number, around?: readonly [string, string]) =>
      labels({
        part: { kind: 'span', span: { start, end: start + 3 } },
        text: 'cat',
        ...(around && { around }),
      });
    const text = 'a cat! The cat sat. My cat ran. The cat sat.';
    const at = async (label: OwnConcept) => {
      const family = new OwnFamily([label]);
      const findings = new Findings();
      await family.find(labelText(text), findings, SILENT);
      return [findings.spansOf('mine').map(({ start }) => start), family.misaligned().size];
    };
    expect(await at(marked(0, ['The ', ' sat']))).toEqual([[11], 0]);
    expect(await at(marked(34, ['The ', ' sat']))).toEqual([[36], 0]);
    // The file has become shorter than where it stood.
    expect(await at(marked(900, ['My ', ' ran']))).toEqual([[23], 0]);
    expect(await at(marked(0, ['Our ', ' sat']))).toEqual([[], 1]);
    expect(await at(marked(0))).toEqual([[], 1]);
    // Where it stands unmoved, what is around it may have changed.
    expect(await at(marked(2, ['The ', ' sat']))).toEqual([[2], 0]);
  });

  it('counts what does not align, and says where the first of it stands', async () => {
    const wrong = labels(
      { part: { kind: 'span', span: { start: 0, end: 3 } }, text: 'One' },
      { part: { kind: 'span', span: { start: 0, end: 90 } } },
      { part: { kind: 'span', span: { start: 50, end: 60 } } },
      { part: { kind: 'lines', first: 9, last: 9 } },
    );
    expect(await labelled(wrong, 'one two')).toEqual({
      carriers: '',
      misaligned: { count: 4, first: { line: 2, reason: 'the text there reads otherwise' } },
    });
  });

  it('drops an expression that does not come to an end, and asks no more', async () => {
    const family = new OwnFamily([{ kind: 'regex', name: 'mine', pattern: '(a+)+$' }]);
    let asked = 0;
    const search = () => {
      asked += 1;
      return Promise.resolve(null);
    };
    const findings = new Findings();
    for (const file of ['a.txt', 'b.txt'])
      await family.find(labelText('aaa', { file }), findings, { ...SILENT, search });
    expect(asked).toBe(1);
    expect([...findings.dropped]).toEqual([
      ['mine', 'the expression did not come to an end in time on a.txt'],
    ]);
  });

  it('takes no name that is taken', () => {
    const named = (name: string) => new OwnFamily([{ kind: 'words', name, words: ['a'] }]);
    expect(() => withOwn(named('digits'), [spelling])).toThrow(/Two concepts are called "digits"/);
    expect(withOwn(named('mine'), [spelling]).flatMap(({ concepts }) => concepts)[0]!.name).toBe('mine');
  });
});
