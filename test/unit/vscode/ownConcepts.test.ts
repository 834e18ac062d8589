import { lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { workspace } from 'vscode';
import { addConcept } from '../../../src/core/concepts/own/editConceptsFile';
import { readConceptsFile } from '../../../src/core/concepts/own/conceptsFile';
import type { FileLabels } from '../../../src/core/concepts/own/ownConcept';
import { keepException } from '../../../src/vscode/concepts/keepException';
import { markSelection } from '../../../src/vscode/concepts/markSelection';
import { editConcepts, homeOf } from '../../../src/vscode/concepts/ownConcepts';
import type { CurrentProfile } from '../../../src/vscode/profiles/currentProfile';
import type { ProfileEntry } from '../../../src/vscode/profiles/profileEntry';
import { fakeContext, type FakeEditor } from './fakeEditor';

const fake = vi.hoisted(() => ({ editor: null as unknown as FakeEditor }));
vi.mock('vscode', async () => {
  const { fakeEditor } = await import('./fakeEditor');
  const { editor, vscode } = fakeEditor();
  fake.editor = editor;
  return vscode;
});

let folder = '';
let path = '';
const lens = (profiled?: string) => ({
  context: fakeContext(folder),
  current: (profiled === undefined
    ? { entry: null }
    : { entry: { manifest: { corpus: { root: profiled } } } }) as unknown as CurrentProfile,
});
const withCats = (text: string | null) => addConcept(text, 'cats', { words: ['cat'] });

beforeEach(async () => {
  Object.assign(workspace, { textDocuments: [] });
  folder = await mkdtemp(join(tmpdir(), 'neuron-lens-own-'));
  path = join(folder, '.neuron-lens', 'concepts.json');
  Object.assign(fake.editor, {
    workspaceFolders: [{ uri: { fsPath: folder } }],
    activeTextEditor: undefined,
  });
});
afterEach(() => rm(folder, { recursive: true }));

describe('the folder whose concepts are meant', () => {
  it('is that of the profile where it holds the file, else of the workspace', () => {
    const inner = join(folder, 'inner');
    expect(homeOf(lens(inner), null).root).toBe(folder);
    expect(homeOf(lens(folder), join(folder, 'a.txt'))).toEqual({ root: folder, path });
    expect(() => homeOf(lens(), '/elsewhere/a.txt')).toThrow(/^\/elsewhere\/a\.txt is in no folder/);
    fake.editor.workspaceFolders = undefined;
    expect(() => homeOf(lens(), null)).toThrow(/^No folder is open/);
  });
});

describe('concepts.json on disk', () => {
  it('is made with its folder, and keeps its mark of byte order', async () => {
    await editConcepts(homeOf(lens(), null), withCats);
    const text = await readFile(path, 'utf8');
    expect(readConceptsFile(text).concepts.map(({ name }) => name)).toEqual(['cats']);
    await writeFile(path, `\uFEFF{"version":1,"concepts":{}}`);
    await editConcepts(homeOf(lens(), null), withCats);
    expect(await readFile(path, 'utf8')).toMatch(/^\uFEFF\{\s*"version": ?1/);
    expect(await readdir(join(folder, '.neuron-lens'))).toEqual(['concepts.json']);
  });

  it('keeps what the page of a concept says of a label: a hit is none, a false alarm is one', async () => {
    const entry = { manifest: { corpus: { root: folder } } } as unknown as ProfileEntry;
    const wrong = { entry, concept: 'digits' };
    const place = { file: 'a.txt', start: 3, end: 6 };
    const said = await keepException(lens(), { ...wrong, outcome: 'hits', place });
    expect(said).toContain('a.txt does not carry "digits" there');
    await keepException(lens(), { ...wrong, outcome: 'falseAlarms', place: { ...place, start: 5 } });
    const [digits] = readConceptsFile(await readFile(path, 'utf8')).exceptions;
    const starts = (labels: FileLabels) =>
      labels.get('a.txt')!.map(({ part }) => (part.kind === 'span' ? part.span.start : null));
    expect([digits!.counterExamples, digits!.examples].map(starts)).toEqual([[3], [5]]);
  });

  it('stays a link to where it is kept', async () => {
    await mkdir(join(folder, '.neuron-lens'));
    const kept = join(folder, 'shared.json');
    await writeFile(kept, '{"version":1,"concepts":{}}');
    await symlink(kept, path);
    await editConcepts(homeOf(lens(), null), withCats);
    expect((await lstat(path)).isSymbolicLink()).toBe(true);
    expect(await readFile(kept, 'utf8')).toContain('"cats"');
  });

  it.each([
    ['has changes that are not saved', Buffer.from('{"version":1,"concepts":{}}'), /not saved/],
    ['is no JSON', Buffer.from('{"version":1,'), /line 1: it is no JSON\. Mend it/],
    ['is no UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), /it is no UTF-8/],
  ])('is left as it is where it %s', async (why, bytes, sentence) => {
    await mkdir(join(folder, '.neuron-lens'));
    await writeFile(path, bytes);
    if (why.includes('saved'))
      Object.assign(workspace, {
        textDocuments: [{ isDirty: true, uri: { toString: () => `file://${path}` } }],
      });
    await expect(editConcepts(homeOf(lens(), null), withCats)).rejects.toThrow(sentence);
    expect(await readFile(path)).toEqual(bytes);
  });
});

describe('what is selected', () => {
  const select = async (text: string, ...ranges: [number, number][]) => {
    const file = join(folder, 'a.txt');
    await writeFile(file, text);
    const position = (character: number) => ({ line: 0, character });
    fake.editor.activeTextEditor = {
      document: { uri: { scheme: 'file', fsPath: file }, isDirty: false },
      selections: ranges.map(([start, end]) => ({
        ...{ start: position(start), end: position(end), isEmpty: start === end },
      })),
    };
  };

  it('is kept as examples of a new concept, then as counter-examples of it, all selections at once', async () => {
    await select('a cat, a dog, a cat', [2, 5], [16, 19], [7, 7]);
    fake.editor.typed.push('cats');
    const marked = await markSelection(lens(), 'examples');
    expect(marked).toMatchObject({ concept: 'cats', places: 2, home: { path } });
    await select('a cat, a dog, a cat', [9, 12]);
    fake.editor.presses.push('$(tag) cats');
    await markSelection(lens(), 'counterExamples');
    const [cats] = readConceptsFile(await readFile(path, 'utf8')).concepts;
    expect(cats!.examples.get('a.txt')!.map(({ text }) => text)).toEqual(['cat', 'cat']);
    expect(cats!.counterExamples.get('a.txt')).toMatchObject([
      { text: 'dog', around: ['a cat, a ', ', a cat'] },
    ]);
  });

  it('is nothing where the reader leaves off, and writes nothing then', async () => {
    await select('a cat', [2, 5]);
    expect(await markSelection(lens(), 'examples')).toBeNull();
    await expect(markSelection(lens(), 'counterExamples')).rejects.toThrow(/no concept of yours yet/);
    await select('a cat', [2, 2]);
    await expect(markSelection(lens(), 'examples')).rejects.toThrow(/Select some text/);
    expect(await readdir(folder)).toEqual(['a.txt']);
  });
});
