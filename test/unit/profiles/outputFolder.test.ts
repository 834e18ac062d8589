import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { runProfile } from '../../../src/core/pipeline/profileRun';
import type { Manifest } from '../../../src/core/profile/manifest';
import { openProfile } from '../../../src/core/profile/openProfile';
import { FolderStore } from '../../../src/runtime/files/folderStore';
import { replaceByDraft } from '../../../src/runtime/profiles/replacement';
import { openOutput, requireOutput, type OutputPurpose } from '../../../src/runtime/profiles/outputFolder';
import { killedDisk } from '../files/killedDisk';
import { temporaryFolder } from '../files/temporaryFolder';
import { madeTexts, requestFor, SILENT, zlib } from '../pipeline/fakes';

vi.mock('node:fs/promises', async (original) => {
  const { killable } = await import('../files/killedDisk');
  return killable(await original<typeof import('node:fs/promises')>());
});
vi.mock('../../../src/runtime/files/otherProcess', async (original) => {
  const { mortal } = await import('../files/killedDisk');
  return mortal(await original<typeof import('../../../src/runtime/files/otherProcess')>());
});
afterEach(() => {
  killedDisk.changesLeft = Infinity;
});

const folder = temporaryFolder();
const PURPOSES: readonly OutputPurpose[] = ['new', 'resume', 'replace', 'whole'];
const ADDRESS = { part: 'model', layer: 1, block: null, expert: null, neuron: 1 } as const;
const TEXTS = { first: madeTexts(4, 60, 1), second: madeTexts(5, 60, 2) };

function at(...names: string[]): string {
  return join(folder.path, ...names);
}

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(at(name)), { recursive: true });
    writeFileSync(at(name), content);
  }
}

/** All files below a folder with their contents, and folders with nothing in them. */
function everythingIn(path: string): Record<string, string> {
  const entries = readdirSync(path, { withFileTypes: true, recursive: true }).map((entry) => {
    const full = join(entry.parentPath, entry.name);
    const content = entry.isFile() ? readFileSync(full, 'latin1') : entry.isDirectory() ? 'folder' : 'other';
    return [full.slice(path.length + 1), content] as const;
  });
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** As `profile --out` goes about it. */
async function profile(purpose: OutputPurpose, texts: Readonly<Record<string, string>>): Promise<Manifest> {
  const output = await openOutput(at('p'), purpose);
  try {
    const request = requestFor(texts, { store: output.store, segmentTokens: 60, snapshotInterval: 1 });
    const manifest = await runProfile(request, SILENT, new AbortController().signal);
    await output.publish(manifest);
    return manifest;
  } finally {
    await output.close();
  }
}

async function readable(): Promise<Manifest> {
  const store = new FolderStore(at('p'));
  const opened = await openProfile({ store, compression: zlib });
  const page = await opened.page(ADDRESS);
  await store.close();
  expect(page.examples.top[0]!.value).toBe(page.stats.max);
  return opened.manifest;
}

describe('a folder that is not a profile of ours', () => {
  it.each<[string, Record<string, string>]>([
    ['texts of the user', { 'p/texts/chapter1.txt': 'Call me Ishmael.' }],
    ['texts under our very names', { 'p/texts/0000/tokens.arrow': 'x' }],
    ['segments of a video', { 'p/segments/list.csv': '1,2' }],
    ['snapshots of a disk', { 'p/snapshots/0001/files.arrow': 'x', 'p/snapshots/day.img': 'x' }],
    ['tables of the user', { 'p/files.arrow': 'x', 'p/metrics.arrow': 'x' }],
    ['a web extension', { 'p/manifest.json': '{"manifest_version":3,"name":"x","version":"1.0"}' }],
    ['a manifest with a version', { 'p/manifest.json': '{"version":1,"segments":[]}', 'p/sites.json': '[]' }],
    ['a web site', { 'p/sites.json': '{"sites":["a"]}' }],
    ['a lock of another program', { 'p/.lock': 'pid 17' }],
    ['a file half written by another program', { 'p/.a.txt.writing': 'x' }],
    ['our folder names', { 'p/.replacement/notes.txt': 'x' }],
    ['a hidden file', { 'p/.gitkeep': '' }],
  ])('is refused with %s in it, and left as it is', async (_, files) => {
    write(files);
    const before = everythingIn(at('p'));
    for (const purpose of PURPOSES) {
      await expect(openOutput(at('p'), purpose)).rejects.toMatchObject({ code: 'usage' });
      symlinkSync(at('p'), at('link'));
      await expect(openOutput(at('link'), purpose)).rejects.toMatchObject({ code: 'usage' });
      rmSync(at('link'));
    }
    expect(everythingIn(at('p'))).toEqual(before);
  });

  it.each<[string, () => string, string]>([
    ['a file', () => (write({ file: '' }), at('file')), 'there is a file where a folder should be'],
    ['in a file', () => (write({ file: '' }), at('file', 'p')), 'there is a file where a folder should be'],
    ['nameless', () => '', 'is empty'],
    ['too long a name', () => at('n'.repeat(300)), 'the name is longer than the system allows'],
    ['a link to nothing', () => (symlinkSync('nowhere', at('link')), at('link')), 'a link to nothing'],
    ['a link to itself', () => (symlinkSync('loop', at('loop')), at('loop')), 'lead in a circle'],
    ['a pipe', () => (execFileSync('mkfifo', [at('pipe')]), at('pipe')), 'there is a file where a folder'],
  ])('is refused when it is %s', async (_, make, reason) => {
    const path = make();
    await expect(openOutput(path, 'new')).rejects.toThrow(reason);
    await expect(requireOutput(path, 'new').then(() => openOutput(path, 'new'))).rejects.toThrow(reason);
  });

  it('is left without a trace where nothing came of a run', async () => {
    const output = await openOutput(at('a', 'b', 'c'), 'new');
    await output.close();
    expect(readdirSync(folder.path)).toEqual([]);
  });
});

describe('a profile that is there', () => {
  it('is refused, gone on with or replaced as is asked', async () => {
    const first = await profile('new', TEXTS.first);
    await expect(openOutput(at('p'), 'new')).rejects.toThrow('--overwrite');
    await expect(openOutput(at('p'), 'whole')).rejects.toThrow('There is a profile in');
    expect((await profile('resume', TEXTS.first)).corpus).toEqual(first.corpus);
    const second = await profile('replace', TEXTS.second);
    expect(second.corpus.sha256).not.toBe(first.corpus.sha256);
    expect(await readable()).toEqual(second);
    rmSync(at('p'), { recursive: true });
    const anew = await profile('new', TEXTS.second);
    expect(anew.corpus).toEqual(second.corpus);
  });

  it('keeps what else lies in its folder when it is replaced', async () => {
    await profile('new', TEXTS.first);
    write({ 'p/README.md': 'mine', 'p/notes/a.txt': 'mine' });
    await profile('replace', TEXTS.second);
    expect(readdirSync(at('p')).sort()).toEqual(
      [
        'README.md',
        'notes',
        'files.arrow',
        'manifest.json',
        'metrics.arrow',
        'segments',
        'sites.json',
        'texts',
      ].sort(),
    );
    write({ 'p/segments/0000/notes.txt': 'mine' });
    await expect(profile('replace', TEXTS.first)).rejects.toThrow('notes.txt is no part of the profile');
    await profile('resume', TEXTS.second);
    expect(readFileSync(at('p', 'segments', '0000', 'notes.txt'), 'utf8')).toBe('mine');
  });

  it('is not called written where a file of it is gone', async () => {
    await profile('new', TEXTS.first);
    const output = await openOutput(at('p'), 'replace');
    const request = requestFor(TEXTS.second, { store: output.store });
    const manifest = await runProfile(request, SILENT, new AbortController().signal);
    rmSync(at('p', '.replacement', 'segments', '0000', 'L1.act.arrow'));
    await expect(output.publish(manifest)).rejects.toThrow(
      'L1.act.arrow was written and is not there any more',
    );
    await output.close();
    expect((await readable()).corpus.documents).toBe(4);
  });

  it('stands when nothing comes of its replacement', async () => {
    await profile('new', TEXTS.first);
    const before = everythingIn(at('p'));
    await expect(profile('replace', {})).rejects.toThrow('There is no text to profile');
    expect(everythingIn(at('p'))).toEqual(before);
  });

  it('stands while its replacement is stopped, which is then gone on with', async () => {
    const first = await profile('new', TEXTS.first);
    const output = await openOutput(at('p'), 'replace');
    const stopping = new AbortController();
    const betweenBatches = (): Promise<void> => {
      stopping.abort();
      return Promise.resolve();
    };
    const request = requestFor(TEXTS.second, { store: output.store, betweenBatches });
    expect((await runProfile(request, SILENT, stopping.signal)).state).toBe('partial');
    expect(await output.close()).toContain('go on with it (--resume)');
    expect(await readable()).toEqual(first);
    const second = await profile('resume', TEXTS.second);
    expect(Object.keys(second.corpus)).not.toEqual([]);
    expect(await readable()).toEqual(second);
    expect(second.corpus.documents).toBe(5);
  });

  it('refuses what is no file or folder in it before anything is done', async () => {
    await profile('new', TEXTS.first);
    mkdirSync(at('pictures'));
    writeFileSync(at('pictures', 'holiday.jpg'), 'x');
    for (const name of [
      'snapshots',
      'segments',
      'texts',
      'segments/0000',
      'metrics.arrow',
      'manifest.json',
    ]) {
      const there = everythingIn(at('p'))[name] !== undefined;
      if (there) renameSync(at('p', name), at('aside'));
      symlinkSync(at('pictures'), at('p', name));
      const before = everythingIn(at('p'));
      for (const purpose of PURPOSES) await expect(openOutput(at('p'), purpose), name).rejects.toThrow();
      await expect(openOutput(at('p'), 'resume'), name).rejects.toThrow('is a link');
      expect(everythingIn(at('p')), name).toEqual(before);
      rmSync(at('p', name));
      if (there) renameSync(at('aside'), at('p', name));
    }
    expect(readdirSync(at('pictures'))).toEqual(['holiday.jpg']);
    await readable();
  });

  it('is whole, the old or the new one, wherever its replacement is killed', async () => {
    const first = await profile('new', TEXTS.first);
    write({ 'p/README.md': 'mine' });
    const output = await openOutput(at('p'), 'replace');
    const request = requestFor(TEXTS.second, { store: output.store });
    const second = await runProfile(request, SILENT, new AbortController().signal);
    renameSync(at('p'), at('before'));
    const stood: string[] = [];
    for (let changes = 0; stood.at(-1) !== 'end'; changes += 1) {
      rmSync(at('p'), { recursive: true, force: true });
      execFileSync('cp', ['-r', at('before'), at('p')]);
      rmSync(at('p', '.lock'));
      killedDisk.changesLeft = changes;
      const isKilled = await replaceByDraft(at('p')).then(
        () => false,
        () => true,
      );
      killedDisk.changesLeft = Infinity;
      await (await openOutput(at('p'), 'resume')).close();
      const manifest = await readable();
      stood.push(manifest.corpus.sha256 === first.corpus.sha256 ? 'first' : 'second');
      expect(manifest).toEqual(stood.at(-1) === 'first' ? first : second);
      const left = readdirSync(at('p')).filter((name) => name.startsWith('.'));
      expect(left).toEqual(stood.at(-1) === 'first' ? ['.replacement'] : []);
      expect(readFileSync(at('p', 'README.md'), 'utf8')).toBe('mine');
      if (!isKilled) stood.push('end');
    }
    expect(stood.join()).toMatch(/^(first,)+(second,){20,}end$/);
  });
});
