import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { ProfileRecipe } from '../../../src/vscode/profiles/profileEntry';
import { ProfileLibrary } from '../../../src/vscode/profiles/profileLibrary';
import { temporaryFolder } from '../files/temporaryFolder';
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
let library: ProfileLibrary;

beforeEach(() => {
  library = new ProfileLibrary(fakeContext(folder.path));
});

/** A folder that holds something which calls itself a profile, and cannot be read. */
function damagedProfile(path: string): string {
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'manifest.json'), '{');
  return path;
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
    await library.remove(theirs);
    expect((await library.list()).map((entry) => entry.folder)).toEqual([others]);
    expect(existsSync(join(theirs, 'manifest.json'))).toBe(true);
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
