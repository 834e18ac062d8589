import { describe, expect, it } from 'vitest';
import { Findings } from '../../../src/core/concepts/labels/findings';
import { gitConcepts, type LineOrigin } from '../../../src/core/concepts/own/lineOrigins';
import { OwnFamily } from '../../../src/core/concepts/own/ownFamily';
import { addSemanticTokens } from '../../../src/core/concepts/own/semanticTokens';
import { conceptOfLabels, LabelSpans, type TextLabels } from '../../../src/core/concepts/own/textLabels';
import { FILE_START, Places } from '../../../src/core/text/places';
import { labelText, SILENT } from './labelText';

/** By the name of each concept, the texts of a file that carry it. */
function found(labels: readonly TextLabels[], file: string, text: string): Record<string, string[]> {
  return Object.fromEntries(
    labels.map(({ name, files }) => {
      const bounds = [...(files.find((one) => one.file === file)?.bounds ?? [])];
      return [name, bounds.flatMap((start, at) => (at % 2 === 0 ? [text.slice(start, bounds[at + 1])] : []))];
    }),
  );
}

describe('semantic tokens', () => {
  it('become a concept for each type and modifier, where they stand in the file', () => {
    const text = 'class A {\r\n  run() { run(); }\r\n}\r\n';
    const legend = {
      tokenTypes: ['class', 'method', 'x'.repeat(999)],
      tokenModifiers: ['declaration', 'async'],
    };
    // prettier-ignore
    const data = Uint32Array.of(0, 6, 1, 0, 1,  1, 2, 3, 1, 3,  0, 8, 3, 1, 0,  0, 4, 1, 2, 0,  1, 0, 90, 77, 1 << 9);
    const spans = new LabelSpans('editor', 'tokens');
    addSemanticTokens(spans, 'a.ts', new Places(text, FILE_START), legend, data);
    expect(found(spans.labels(), 'a.ts', text)).toEqual({
      'semantic token: class': ['A'],
      'semantic modifier: declaration': ['A', 'run'],
      'semantic token: method': ['run', 'run'],
      'semantic modifier: async': ['run'],
    });
  });
});

describe('author and age of lines', () => {
  const DAY = 86_400;
  const line = (author: string | null, day: number): LineOrigin => ({
    author,
    seconds: author === null ? null : day * DAY,
  });

  it('become concepts, counted back from the newest line', () => {
    const text = 'one\ntwo\nthree\nfour\nfive';
    const lines = [line('Ada', 1000), line('Ada', 990), line('Bo', 800), line(null, 0), line('Bo', 100)];
    expect(found(gitConcepts([{ file: 'a', text, lines }]), 'a', text)).toEqual({
      'git author: Ada': ['one\ntwo\n'],
      'git: newest 30 days': ['one\ntwo\n'],
      'git author: Bo': ['three\n', 'five'],
      'git: 30 days to a year older than the newest': ['three\n'],
      'git: not committed': ['four\n'],
      'git: over a year older than the newest': ['five'],
    });
  });

  it('are left out for files whose lines git counts otherwise, and for authors of few lines', () => {
    const authors = Array.from({ length: 12 }, (_, i) =>
      Array<LineOrigin>(12 - i).fill(line(`a${i}`, 1)),
    ).flat();
    const text = 'x\n'.repeat(authors.length);
    const odd = { file: 'odd', text: 'one\rtwo\nthree\n', lines: [line('Ada', 1), line('Ada', 1)] };
    const labels = gitConcepts([{ file: 'a', text, lines: authors }, odd]);
    const names = labels.map(({ name }) => name).filter((name) => name.startsWith('git author'));
    expect(names).toEqual(Array.from({ length: 8 }, (_, i) => `git author: a${i}`));
    expect(labels.flatMap(({ files }) => files.map(({ file }) => file))).not.toContain('odd');
  });
});

it('labels of the editor are laid as those of a table are, and count as its own family', async () => {
  const labels: TextLabels = {
    ...{ name: 'git author: Ada', source: 'git', pattern: 'git blame' },
    files: [
      { file: 'a.txt', bounds: Uint32Array.of(0, 3, 8, 13) },
      { file: 'gone.txt', bounds: Uint32Array.of(0, 9) },
    ],
  };
  const family = new OwnFamily([conceptOfLabels(labels)]);
  const findings = new Findings();
  await family.find(labelText('one two three'), findings, SILENT);
  expect(findings.spansOf('git author: Ada')).toEqual([
    { start: 0, end: 3 },
    { start: 8, end: 13 },
  ]);
  expect(family.concepts).toMatchObject([{ family: 'git', source: 'git', pattern: 'git blame' }]);
  expect(family.misalignedSentences()).toEqual([]);
});
