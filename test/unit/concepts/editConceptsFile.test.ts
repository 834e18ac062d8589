import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  readConceptsFile,
  type MarkedPlace,
  type SavedExceptions,
} from '../../../src/core/concepts/own/conceptsFile';
import {
  addConcept,
  addException,
  addPlaces,
  namesIn,
} from '../../../src/core/concepts/own/editConceptsFile';

const place = (start: number, file = 'a.txt'): MarkedPlace => ({ file, start, end: start + 3, text: 'cat' });

const KEPT = `// kept by hand
{
\t"version": 1, // the only one
\t"concepts": {
\t\t/* years */
\t\t"years": { "regex": "\\\\d{4}" },
\t\t"mine": { "examples": [{ "file": "b.txt", "start": 1, "end": 2 }] } // mine
\t}
}
`;

/** The lines of a text that another has not. */
const newLines = (before: string, after: string) =>
  after.split('\n').filter((line) => !before.split('\n').includes(line));

describe('concepts.json as it is written in', () => {
  it('begins where there is none', () => {
    const { concepts, faults } = readConceptsFile(addPlaces(null, 'mine', 'examples', [place(4)]));
    expect(faults).toEqual([]);
    expect(concepts[0]!.examples.get('a.txt')).toMatchObject([
      { part: { span: { start: 4, end: 7 } }, text: 'cat' },
    ]);
    expect(readConceptsFile(addConcept(' \n', 'cats', { words: ['cat'] })).concepts).toMatchObject([
      { name: 'cats', found: { by: 'words', words: ['cat'] } },
    ]);
  });

  it('keeps a wrong label with the concept where it stands there, else among the exceptions, once', () => {
    const once = addException(KEPT, 'digits', 'counterExamples', place(4));
    const text = addException(
      addException(once, 'digits', 'counterExamples', place(4)),
      'digits',
      'examples',
      place(9),
    );
    expect(readConceptsFile(text)).toMatchObject({
      faults: [],
      exceptions: [{ name: 'digits' }],
      concepts: [{ name: 'years' }, { name: 'mine' }],
    });
    const [{ examples, counterExamples }] = readConceptsFile(text).exceptions as [SavedExceptions];
    expect([examples, counterExamples].map((labels) => labels.get('a.txt')?.length)).toEqual([1, 1]);
    const years = readConceptsFile(addException(text, 'years', 'counterExamples', place(20)));
    expect(years.exceptions).toHaveLength(1);
    expect(years.concepts[0]!.counterExamples.get('a.txt')).toHaveLength(1);
    expect(readConceptsFile(addException(null, 'digits', 'examples', place(1))).exceptions).toHaveLength(1);
  });

  it('keeps every comment and line that is there, and its indents', () => {
    const text = addConcept(KEPT, 'cats', { words: ['cat'] });
    for (const kept of ['// kept by hand', '// the only one', '/* years */', '// mine']) {
      expect(text).toContain(kept);
    }
    expect(namesIn(text)).toEqual(['years', 'mine', 'cats']);
    expect(newLines(KEPT, text).every((line) => /^\t{2,}\S/.test(line))).toBe(true);
    const crlf = addConcept(KEPT.replaceAll('\n', '\r\n'), 'cats', { regex: 'x' });
    expect(crlf.replaceAll('\r\n', '')).not.toContain('\n');
  });

  it('puts places behind those that are there, and none twice', () => {
    const text = addPlaces(KEPT, 'mine', 'examples', [place(1), { ...place(1, 'b.txt'), end: 2 }, place(9)]);
    const { concepts } = readConceptsFile(text);
    const starts = [...concepts[1]!.examples].flatMap(([file, labels]) =>
      labels.map(({ part }) => [file, part.kind === 'span' && part.span.start]),
    );
    expect(starts).toEqual([
      ['b.txt', 1],
      ['a.txt', 1],
      ['a.txt', 9],
    ]);
    const against = addPlaces(text, 'years', 'counterExamples', [place(5)]);
    expect(readConceptsFile(against).concepts[0]!.counterExamples.get('a.txt')).toHaveLength(1);
    expect(addPlaces(text, 'mine', 'examples', [place(9)])).toBe(text);
  });

  it('is left alone where it cannot be read, or the concept would not do', () => {
    const broken = '{ "version": 1,\n "concepts": { "a": { "words": ["x"] } ';
    expect(() => addConcept(broken, 'b', { words: ['y'] })).toThrow(/line 2: it is no JSON\. Mend it first/);
    expect(() => addPlaces('{"version":2,"concepts":{}}', 'b', 'examples', [place(1)])).toThrow(/Mend it/);
    expect(() => addConcept(KEPT, 'mine', { words: ['y'] })).toThrow(/a concept "mine" already/);
    expect(() => addConcept(KEPT, 'open', { regex: '(' })).toThrow(/"open" in .* would not do: .*Nothing/);
    expect(() => addPlaces(KEPT, 'new', 'counterExamples', [place(1)])).toThrow(/would not do/);
    const odd = '{"version":1,"concepts":{"a":{"examples":"x"},"b":{"words":["y"]}}}';
    expect(() => addPlaces(odd, 'a', 'examples', [place(1)])).toThrow(/"a" in .* would not do/);
    // Another concept's fault holds nobody up.
    expect(namesIn(addPlaces(odd, 'b', 'examples', [place(1)]))).toEqual(['a', 'b']);
  });

  it('takes any name and any text', () => {
    const written = fc.string({ unit: 'binary', minLength: 1 });
    fc.assert(
      fc.property(written, written, (name, text) => {
        fc.pre(!['years', 'mine'].includes(name));
        const { concepts, faults } = readConceptsFile(
          addPlaces(KEPT, name, 'examples', [{ ...place(1), text, before: text }]),
        );
        expect(faults).toEqual([]);
        const added = concepts.find((concept) => concept.name === name);
        expect(added!.examples.get('a.txt')).toMatchObject([{ text, around: [text, ''] }]);
      }),
      { numRuns: 40 },
    );
  });
});
