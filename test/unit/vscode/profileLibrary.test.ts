import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ExtensionContext } from 'vscode';
import { manifestText } from '../../../src/core/profile/manifestFile';
import { runProfile } from '../../../src/core/pipeline/profileRun';
import type { ProfileRecipe } from '../../../src/vscode/profiles/profileEntry';
import { ProfileLibrary } from '../../../src/vscode/profiles/profileLibrary';
import { readRecipe } from '../../../src/vscode/profiles/recipeFile';
import { temporaryFolder } from '../files/temporaryFolder';
import { madeTexts, requestFor, SILENT } from '../pipeline/fakes';
import { fakeContext } from './fakeEditor';

const editor = await vi.hoisted(async () => (await import('./fakeEditor')).fakeEditor());
vi.mock('vscode', () => editor.vscode);

const folder = temporaryFolder();
const recipe: ProfileRecipe = {
  name: 'the docs',
  model: 'default',
  inputs: ['/docs'],
  root: '/',
  exclude: [],
};
let context: ExtensionContext;
let library: ProfileLibrary;

beforeEach(() => {
  context = fakeContext(folder.path);
  library = new ProfileLibrary(context);
});

/** A folder that holds something which calls itself a profile, and cannot be read. */
function damagedProfile(path: string): string {
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'manifest.json'), '{');
  return path;
}

let manifest: object;
beforeAll(async () => {
  const request = requestFor(madeTexts(2, 20));
  await runProfile(request, SILENT, new AbortController().signal);
  manifest = JSON.parse(new TextDecoder().decode(request.store.files.get('manifest.json'))) as object;
});

/** A folder with the manifest of a profile that was made at a time. */
function writtenProfile(path: string, created: string): void {
  mkdirSync(path, { recursive: true });
  const { check: _, ...fields } = manifest as Record<string, unknown>;
  writeFileSync(join(path, 'manifest.json'), manifestText({ ...fields, created }));
}

describe('the profiles that a workspace knows', () => {
  it('deletes one of its own from disk, with how it was ordered', async () => {
    const own = damagedProfile(await library.create(recipe, new Date('2026-11-22T21:40:00Z')));
    expect(readdirSync(library.home).sort()).toEqual([
      'the-docs-20261122T214000',
      'the-docs-20261122T214000.order.json',
    ]);
    expect(await library.list()).toMatchObject([{ folder: own, name: 'the docs' }]);
    await library.remove(own);
    expect(readdirSync(library.home)).toEqual([]);
    expect(await library.list()).toEqual([]);
  });

  it('only lists one from elsewhere no longer, and leaves its folder alone', async () => {
    const theirs = damagedProfile(join(folder.path, 'of the user'));
    const others = damagedProfile(join(folder.path, 'another'));
    await library.add(theirs);
    await library.add(others);
    expect((await library.list()).map((entry) => entry.folder)).toEqual([theirs, others]);
    library = new ProfileLibrary(context);
    expect([library.isAdded(theirs), library.isAdded(library.home)]).toEqual([true, false]);
    expect(await library.remove(theirs)).toBe(false);
    expect((await library.list()).map((entry) => entry.folder)).toEqual([others]);
    expect(context.workspaceState.get('addedProfileFolders')).toEqual([others]);
    expect(existsSync(join(theirs, 'manifest.json'))).toBe(true);
  });

  it('lists the newest first and the damaged last, each folder once, and nothing that holds no profile', async () => {
    mkdirSync(library.home, { recursive: true });
    writeFileSync(join(library.home, 'a file'), '');
    mkdirSync(join(library.home, 'empty'));
    damagedProfile(join(library.home, 'damaged'));
    const dates = {
      old: '2025-01-31T00:00:00Z',
      new: '2026-11-22T00:00:00Z',
      middle: '2026-01-02T00:00:00Z',
    };
    for (const [name, created] of Object.entries(dates)) writtenProfile(join(library.home, name), created);
    await library.add(join(library.home, 'old'));
    await library.add(join(folder.path, 'gone'));
    const listed = await library.list();
    expect(listed.map(({ name }) => name)).toEqual(['new', 'middle', 'old', 'damaged']);
    expect(listed.map((entry) => 'manifest' in entry)).toEqual([true, true, true, false]);
    expect(await library.find(join(library.home, 'empty'))).toBeNull();
  });

  it('goes where the setting says, else to the storage of the workspace, else of the editor', () => {
    const storage = (path: string) => ({ fsPath: path });
    const context = { storageUri: storage('/workspace'), globalStorageUri: storage('/editor') };
    const homeIn = (given: object) => new ProfileLibrary(given as ExtensionContext).home;
    expect(homeIn(context)).toBe(join('/workspace', 'profiles'));
    expect(homeIn({ ...context, storageUri: undefined })).toBe(join('/editor', 'profiles'));
    editor.editor.settings.set('profiles.folder', '/set');
    expect(homeIn(context)).toBe('/set');
    editor.editor.settings.clear();
  });

  it('keeps a whole recipe beside the folder, whose name any disk takes', async () => {
    const whole = {
      ...recipe,
      name: 'a/b: "ünï_1.x" ' + 'z'.repeat(60),
      dtype: 'q8',
      range: { from: { line: 3, column: 1 }, to: { line: 9, column: 5 } },
    };
    const own = await library.create(whole, new Date('2026-11-22T21:40:07.123Z'));
    expect(basename(own)).toBe(`a-b-ünï_1.x-${'z'.repeat(28)}-20261122T214007`);
    expect(await readRecipe(own)).toEqual(whole);
    for (const broken of ['{', '{"name":"docs"}', JSON.stringify({ ...whole, inputs: [1] })]) {
      writeFileSync(`${own}.order.json`, broken);
      expect(await readRecipe(own)).toBeNull();
    }
    expect(await readRecipe(join(folder.path, 'none'))).toBeNull();
  });

  it('deletes a folder of the storage that it did not make only where it holds a profile', async () => {
    const copied = join(library.home, 'copied');
    writtenProfile(copied, '2026-11-22T00:00:00Z');
    expect(await library.remove(copied)).toBe(false);
    expect(existsSync(copied)).toBe(false);
    const theirs = damagedProfile(join(library.home, 'with a manifest of theirs'));
    await expect(library.remove(theirs)).rejects.toMatchObject({ code: 'usage' });
    expect(readdirSync(theirs)).toEqual(['manifest.json']);
  });

  it('takes a link in the storage for none of its own', async () => {
    const theirs = damagedProfile(join(folder.path, 'of the user'));
    mkdirSync(library.home, { recursive: true });
    symlinkSync(theirs, join(library.home, 'link'), 'junction');
    expect(await library.list()).toEqual([]);
  });

  it('says whether other files were left in the folder of one that it deleted', async () => {
    for (const left of [false, true]) {
      const own = damagedProfile(await library.create(recipe, new Date('2026-11-22T21:40:00Z')));
      if (left) writeFileSync(join(own, 'notes of mine.txt'), '');
      expect(await library.remove(own)).toBe(left);
      expect(existsSync(own)).toBe(left);
      expect(await readRecipe(own)).toBeNull();
    }
  });

  it('tells its listeners of every change', async () => {
    let changes = 0;
    library.onDidChange(() => (changes += 1));
    const theirs = damagedProfile(join(folder.path, 'of the user'));
    await library.add(theirs);
    await library.remove(theirs);
    expect(changes).toBe(2);
  });
});
