import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { findCorpusFile, rootsOnThisMachine } from '../../../src/vscode/places/corpusRoots';
import { temporaryFolder } from '../files/temporaryFolder';
import { FakeMemento } from './fakeEditor';

const { editor, vscode } = await vi.hoisted(async () => (await import('./fakeEditor')).fakeEditor());
vi.mock('vscode', () => vscode);

const folder = temporaryFolder();
const PROFILED = '/on/another/machine';
let memory: FakeMemento;
let moved: string;

beforeEach(() => {
  memory = new FakeMemento();
  moved = join(folder.path, 'moved');
  mkdirSync(join(moved, 'docs'), { recursive: true });
  writeFileSync(join(moved, 'docs/a.md'), 'a');
  writeFileSync(join(moved, 'docs/b.md'), 'b');
  Object.assign(editor, { workspaceFolders: undefined });
  for (const list of [editor.presses, editor.picks, editor.questions]) list.length = 0;
});

describe('a corpus that lies elsewhere than when it was profiled', () => {
  it('is asked for once, and remembered', async () => {
    editor.presses.push('Choose Folder…');
    editor.picks.push(moved);
    expect(await findCorpusFile(memory, PROFILED, 'docs/a.md')).toBe(join(moved, 'docs/a.md'));
    expect(rootsOnThisMachine(memory, PROFILED)).toEqual([moved, PROFILED]);
    expect(await findCorpusFile(memory, PROFILED, 'docs/b.md')).toBe(join(moved, 'docs/b.md'));
    expect(editor.questions).toEqual([`docs/a.md is not under ${PROFILED} on this machine.`]);
  });

  it('keeps what it knows of other corpora', async () => {
    const other = '/of/another/corpus';
    for (const root of [PROFILED, other]) {
      editor.presses.push('Choose Folder…');
      editor.picks.push(moved);
      await findCorpusFile(memory, root, 'docs/a.md');
    }
    expect(rootsOnThisMachine(memory, PROFILED)).toEqual([moved, PROFILED]);
    expect(rootsOnThisMachine(memory, other)).toEqual([moved, other]);
  });

  it('is found in the workspace without a question, and given up where the user leaves off', async () => {
    editor.workspaceFolders = [{ uri: { fsPath: moved } }];
    expect(await findCorpusFile(memory, PROFILED, 'docs/a.md')).toBe(join(moved, 'docs/a.md'));
    expect(editor.questions).toEqual([]);
    expect(await findCorpusFile(memory, PROFILED, 'docs/gone.md')).toBeNull();
    expect(rootsOnThisMachine(memory, PROFILED)).toEqual([PROFILED]);
  });

  it('asks for a folder, first where the workspace is, and takes no for an answer', async () => {
    const dialog = vi.spyOn(
      (vscode as { window: { showOpenDialog: () => unknown } }).window,
      'showOpenDialog',
    );
    const options = {
      title: 'The folder that holds docs/a.md',
      canSelectFolders: true,
      canSelectFiles: false,
    };
    const elsewhere = { fsPath: join(folder.path, 'elsewhere') };
    for (const workspaceFolders of [undefined, [], [{ uri: elsewhere }]]) {
      Object.assign(editor, { workspaceFolders });
      editor.presses.push('Choose Folder…');
      expect(await findCorpusFile(memory, PROFILED, 'docs/a.md')).toBeNull();
    }
    expect(dialog.mock.calls).toEqual([[options], [options], [{ ...options, defaultUri: elsewhere }]]);
    expect(rootsOnThisMachine(memory, PROFILED)).toEqual([PROFILED]);
  });

  it('remembers no folder that does not hold the file, and asks again', async () => {
    editor.presses.push('Choose Folder…', 'Choose Folder…');
    editor.picks.push(folder.path, moved);
    expect(await findCorpusFile(memory, PROFILED, 'docs/a.md')).toBe(join(moved, 'docs/a.md'));
    expect(editor.questions).toEqual([
      `docs/a.md is not under ${PROFILED} on this machine.`,
      `docs/a.md is not under ${folder.path} either.`,
    ]);
    expect(rootsOnThisMachine(memory, PROFILED)).toEqual([moved, PROFILED]);
    editor.presses.push('Choose Folder…');
    editor.picks.push(folder.path);
    expect(await findCorpusFile(memory, '/gone', 'docs/gone.md')).toBeNull();
    expect(rootsOnThisMachine(memory, '/gone')).toEqual(['/gone']);
  });

  it('is found where it was profiled again, whatever was remembered', async () => {
    const wrong = join(folder.path, 'wrong');
    await memory.update('corpusRoots', { [moved]: wrong });
    expect(await findCorpusFile(memory, moved, 'docs/a.md')).toBe(join(moved, 'docs/a.md'));
    expect(editor.questions).toEqual([]);
  });
});
