import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Profile } from '../../../src/core/profile/openProfile';
import { openPlace } from '../../../src/vscode/places/openPlace';
import { temporaryFolder } from '../files/temporaryFolder';
import { FakeMemento } from './fakeEditor';

/** What is opened, and how it is shown: the column and the selected characters. */
const shown = vi.hoisted(() => ({
  text: '',
  editors: [] as { viewColumn: number | undefined }[],
  calls: [] as { path: string; selected: string; viewColumn: number; preview: boolean }[],
}));
vi.mock('vscode', async () => {
  const { vscode } = (await import('./fakeEditor')).fakeEditor();
  const { window, workspace } = vscode as { window: object; workspace: object };
  interface Opened {
    path: string;
  }
  interface How {
    selection: { start: { offset: number }; end: { offset: number } };
    viewColumn: number;
    preview: boolean;
  }
  return {
    ...vscode,
    ViewColumn: { Beside: -2 },
    Range: class {
      constructor(
        readonly start: unknown,
        readonly end: unknown,
      ) {}
    },
    workspace: {
      ...workspace,
      openTextDocument: ({ fsPath }: { fsPath: string }) => ({
        path: fsPath,
        getText: () => shown.text,
        positionAt: (offset: number) => ({
          offset,
          line: shown.text.slice(0, offset).split('\n').length - 1,
        }),
      }),
    },
    window: {
      ...window,
      get visibleTextEditors() {
        return shown.editors;
      },
      showTextDocument: ({ path }: Opened, { selection, viewColumn, preview }: How) => {
        const selected = shown.text.slice(selection.start.offset, selection.end.offset);
        shown.calls.push({ path, selected, viewColumn, preview });
      },
    },
  };
});

const folder = temporaryFolder();
const place = { file: 'docs/a.md', start: 8, end: 13, line: 2, column: 1, token: 'three' };
const open = (file = place.file) =>
  openPlace(
    { manifest: { corpus: { root: folder.path } } } as unknown as Pick<Profile, 'manifest'>,
    new FakeMemento(),
    { ...place, file },
  );

beforeEach(() => {
  mkdirSync(join(folder.path, 'docs'));
  writeFileSync(join(folder.path, 'docs/a.md'), '');
  Object.assign(shown, { text: 'one two\nthree\n', editors: [], calls: [] });
});

describe('opening the place of an example', () => {
  it('selects its token beside the page and has nothing to say', async () => {
    expect(await open()).toBeNull();
    const path = join(folder.path, 'docs/a.md');
    expect(shown.calls).toEqual([{ path, selected: 'three', viewColumn: -2, preview: true }]);
  });

  it('takes the column of an editor that is seen already', async () => {
    shown.editors = [{ viewColumn: undefined }, { viewColumn: 3 }, { viewColumn: 1 }];
    await open();
    expect(shown.calls.map(({ viewColumn }) => viewColumn)).toEqual([3]);
  });

  it('says which line it opened instead where the file changed, and that a file is gone', async () => {
    shown.text = 'one\n\n\nand three\n';
    expect(await open()).toBe('docs/a.md changed since it was profiled. Opened the nearest match, line 4.');
    shown.text = 'one\nand no more\n';
    expect(await open()).toBe(
      'docs/a.md changed since it was profiled, and the token is gone. Opened line 2.',
    );
    expect(shown.calls.map(({ selected }) => selected)).toEqual(['three', '']);
    expect(await open('docs/gone.md')).toBe(
      'docs/gone.md was not found. The text shown here was kept in the profile.',
    );
    expect(shown.calls).toHaveLength(2);
  });
});
