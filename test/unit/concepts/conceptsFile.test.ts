import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { onlyConcepts } from '../../../src/core/concepts/labels/family';
import { spelling } from '../../../src/core/concepts/labels/spelling';
import { Findings, TokenLayout } from '../../../src/core/concepts/labels/findings';
import { faultSentence, readConceptsFile } from '../../../src/core/concepts/own/conceptsFile';
import { OwnFamily, withOwn } from '../../../src/core/concepts/own/ownFamily';
import { labelText, SILENT } from './labelText';

const file = (concepts: unknown): string => JSON.stringify({ version: 1, concepts }, null, 1);

describe('the concepts of a workspace', () => {
  it('are found by an expression, words, labels or examples', () => {
    const { concepts: saved } = readConceptsFile(
      file({
        years: { regex: '\\d{4}' },
        neg: { words: ['not'] },
        nouns: { labels: 'upos=NOUN' },
        mine: { examples: [{ file: 'a.txt', start: 1, end: 3 }] },
      }),
    );
    expect(saved.map(({ name, found }) => [name, found])).toEqual([
      ['years', { by: 'regex', pattern: '\\d{4}' }],
      ['neg', { by: 'words', words: ['not'] }],
      ['nouns', { by: 'labels', asked: 'upos=NOUN' }],
      ['mine', { by: 'examples' }],
    ]);
    expect(saved[3]!.examples.get('a.txt')).toHaveLength(1);
  });

  it('say on which line a fault is', () => {
    const faultOf = (text: string) => {
      const [fault] = readConceptsFile(text).faults;
      return fault ? faultSentence(fault).replace(/^\.neuron-lens\/concepts\.json/, 'c.json') : null;
    };
    expect(faultOf('{\n"version": 1,\n"concepts": {,}}')).toBe('c.json, line 3: it is no JSON.');
    expect(faultOf('{\n"version": 1,\n"concepts": {\n')).toMatch(/^c\.json, line [34]: it is no JSON\.$/);
    expect(faultOf(file({ a: { words: ['x'] }, b: { words: [] } }))).toMatch(
      /^c\.json, line 1\d: concepts\.b\.words: /,
    );
    expect(faultOf(file({ a: { regexp: 'x' } }))).toMatch(/^c\.json, line 5: concepts\.a\.regexp: /);
    expect(faultOf(file({ a: {} }))).toBe('c.json, line 4: "a" needs a regex, words, labels or examples.');
    expect(faultOf(file({ a: { regex: 'x', words: ['y'] } }))).toBe(
      'c.json, line 4: "a" has more than one of regex, words and labels.',
    );
    expect(faultOf(file({ a: { regex: 'x(' } }))).toMatch(
      /^c\.json, line 5: the expression of "a" is no regular expression: /,
    );
    expect(faultOf('{"version":1,"concepts":[]}')).toMatch(/^c\.json, line 1: concepts: /);
    expect(faultOf('['.repeat(200_000))).toBe('c.json, line 1: it is nested too deeply.');
    expect(faultOf('{"version":2,"concepts":{}}')).toMatch(/^c\.json, line 1: version: /);
  });

  it('are read where others have faults, and comments may stand between', () => {
    const text = `{ // ours
  "version": 1,
  "concepts": {
    "years": { "regex": "\\\\d{4}" },
    "years": { "words": ["x"] },
    "__proto__": { "words": ["y"] },
    /* to be mended */
    "open": { "regex": "(" }
  }
}`;
    const { concepts, faults } = readConceptsFile(text);
    expect(concepts.map(({ name, line }) => [name, line])).toEqual([
      ['years', 4],
      ['__proto__', 6],
    ]);
    expect(faults.map(({ line, concept }) => [line, concept])).toEqual([
      [5, 'years'],
      [8, 'open'],
    ]);
    expect(faults.map(({ start, end }) => text.slice(start, end))).toEqual(['"years"', '"regex"']);
  });

  it('take examples in and counter-examples out', async () => {
    const text = 'one two three two';
    const at = (start: number, end: number) => ({ file: 'a.txt', start, end });
    const {
      concepts: [saved],
    } = readConceptsFile(
      file({ mine: { words: ['two'], examples: [at(0, 3)], counterExamples: [at(14, 17)] } }),
    );
    const { examples, counterExamples } = saved!;
    const family = new OwnFamily([
      { kind: 'words', name: 'mine', words: ['two'], examples, counterExamples },
    ]);
    const document = labelText(text);
    const findings = new Findings();
    await family.find(document, findings, SILENT);
    const { tokens } = findings.labelsOf('mine', new TokenLayout(text, document.tokens));
    expect([...tokens]).toEqual([0, 1]);
  });

  it('say where the labels of concepts that stand elsewhere are wrong, whichever are tested', async () => {
    const text = 'one 2 three 4 five';
    const at = (start: number, end: number) => ({ file: 'a.txt', start, end });
    const written = `{ "version": 1, "concepts": {}, "exceptions": {
      "digits": {
        "examples": [${JSON.stringify(at(0, 3))}],
        "counterExamples": [
          ${JSON.stringify(at(12, 13))},
          ${JSON.stringify(at(90, 93))}
        ]
      } } }`;
    const { exceptions, faults } = readConceptsFile(written);
    expect(faults).toEqual([]);
    const own = new OwnFamily([], exceptions);
    const document = labelText(text);
    const findings = new Findings();
    for (const family of onlyConcepts(withOwn(own, [spelling]), ['digits']))
      await family.find(document, findings, SILENT);
    const { tokens } = findings.labelsOf('digits', new TokenLayout(text, document.tokens));
    expect([...tokens]).toEqual([0, 1]);
    expect(own.concepts).toEqual([]);
    expect(own.misalignedSentences()).toEqual([
      '"digits": 1 label does not align, the first on line 6: the profile has no such part of a.txt.',
    ]);
    const [fault] = readConceptsFile(written.replace('"start":0', '"start":-1')).faults;
    expect(fault).toMatchObject({ line: 3, concept: null });
  });

  it('have a schema that editors are told of, with the same fields', () => {
    const read = (path: string) =>
      JSON.parse(readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')) as {
        contributes: { jsonValidation: { fileMatch: string[]; url: string }[] };
        definitions: { concept: { properties: object }; place: { properties: object } };
      };
    const [rule] = read('package.json').contributes.jsonValidation;
    expect(rule!.fileMatch).toContain('**/.neuron-lens/concepts.json');
    const { concept, place } = read(rule!.url).definitions;
    const places = [
      Object.fromEntries(
        Object.keys(place.properties).map((key) => [
          key,
          ['file', 'text', 'before', 'after'].includes(key) ? 'x' : 1,
        ]),
      ),
    ];
    for (const field of Object.keys(concept.properties)) {
      const value = { regex: 'x', words: ['x'], labels: 'x', examples: places, counterExamples: places }[
        field
      ];
      const way = field === 'counterExamples' ? { words: ['x'] } : {};
      expect(readConceptsFile(file({ a: { ...way, [field]: value } })).concepts).toHaveLength(1);
    }
  });
});
