import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FolderStore } from '../../../src/runtime/files/folderStore';
import { temporaryName } from '../../../src/runtime/files/temporaryFiles';
import { temporaryFolder } from './temporaryFolder';

/** When set, the disk takes this many writes and is full then. */
const disk = vi.hoisted(() => ({ writesLeft: Infinity }));
vi.mock('node:fs/promises', async (importOriginal) => {
  const original = await importOriginal<typeof import('node:fs/promises')>();
  const open = async (...parameters: Parameters<typeof original.open>): Promise<FileHandle> => {
    const handle = await original.open(...parameters);
    const write = handle.writeFile.bind(handle);
    handle.writeFile = async (data) => {
      if (disk.writesLeft-- <= 0)
        throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
      await write(data);
    };
    return handle;
  };
  return { ...original, open };
});

const folder = temporaryFolder();
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (read: Uint8Array): string => new TextDecoder().decode(read);

let store: FolderStore;
beforeEach(() => {
  store = new FolderStore(join(folder.path, 'profile'));
});
afterEach(async () => {
  disk.writesLeft = Infinity;
  await store.close();
});

describe('FolderStore', () => {
  it('reads by range what was written in pieces', async () => {
    await store.write('segments/000/summary.arrow', [bytes('alpha '), bytes('beta '), bytes('gamma')]);
    expect(await store.size('segments/000/summary.arrow')).toBe(16);
    expect(text(await store.read('segments/000/summary.arrow', 6, 4))).toBe('beta');
    expect(text(await store.readAll('segments/000/summary.arrow'))).toBe('alpha beta gamma');
    expect(await store.read('segments/000/summary.arrow', 16, 0)).toHaveLength(0);
  });

  it('lists files below a folder by their names in the store, and no unfinished ones', async () => {
    await store.write('b/two', []);
    await store.write('b/a/one', []);
    await store.write('top', []);
    writeFileSync(join(store.folder, 'b', temporaryName()), 'half');
    expect(await store.list('b')).toEqual(['b/a/one', 'b/two']);
    expect(await store.list('')).toEqual(['b/a/one', 'b/two', 'top']);
    expect(await store.list('nowhere')).toEqual([]);
  });

  it('reads on in a file that it holds open, and sees another one in its place once asked for the size', async () => {
    await store.write('snapshot', [bytes('first')]);
    expect(text(await store.read('snapshot', 0, 5))).toBe('first');
    writeFileSync(join(store.folder, 'other'), 'a longer one');
    renameSync(join(store.folder, 'other'), join(store.folder, 'snapshot'));
    expect(text(await store.read('snapshot', 0, 5))).toBe('first');
    expect(await store.size('snapshot')).toBe(12);
    expect(text(await store.read('snapshot', 0, 12))).toBe('a longer one');
  });

  it('serves many files and many reads at once', async () => {
    const names = Array.from({ length: 100 }, (_, index) => `file${index}`);
    for (const name of names) await store.write(name, [bytes(name.padEnd(40, '.'))]);
    const reads = await Promise.all(
      [...names, ...names].map(async (name) => text(await store.read(name, 0, name.length))),
    );
    expect(reads).toEqual([...names, ...names]);
  });

  it('keeps the old file whole and leaves nothing behind when the disk is full', async () => {
    await store.write('manifest.json', [bytes('the old one')]);
    disk.writesLeft = 1;
    await expect(store.write('manifest.json', [bytes('half of '), bytes('a new one')])).rejects.toMatchObject(
      {
        code: 'disk-full',
        message: expect.stringContaining('Free some space') as string,
      },
    );
    expect(text(await store.readAll('manifest.json'))).toBe('the old one');
    expect(readdirSync(store.folder)).toEqual(['manifest.json']);
  });

  it('keeps the old file when the data fail to come', async () => {
    await store.write('manifest.json', [bytes('the old one')]);
    function* failing(): Generator<Uint8Array> {
      yield bytes('new');
      throw new Error('no more');
    }
    await expect(store.write('manifest.json', failing())).rejects.toMatchObject({ code: 'write-failed' });
    expect(readFileSync(join(store.folder, 'manifest.json'), 'utf8')).toBe('the old one');
    expect(readdirSync(store.folder)).toEqual(['manifest.json']);
  });

  it('removes files, and the folders that are empty without them', async () => {
    await store.write('segments/000/summary', [bytes('x')]);
    await store.write('segments/001/summary', [bytes('x')]);
    await store.read('segments/000/summary', 0, 1);
    await store.remove('segments/000/summary');
    await store.remove('segments/000/summary');
    expect(readdirSync(join(store.folder, 'segments'))).toEqual(['001']);
    await store.remove('segments/001/summary');
    expect(readdirSync(store.folder)).toEqual([]);
  });

  it.each(['list', 'size', 'readAll', 'write', 'remove'] as const)(
    'follows no link in %s',
    async (method) => {
      const outside = join(folder.path, 'pictures');
      mkdirSync(join(outside, 'album'), { recursive: true });
      writeFileSync(join(outside, 'album', 'a.jpg'), 'x');
      await store.write('manifest.json', []);
      symlinkSync(outside, join(store.folder, 'segments'));
      mkdirSync(join(store.folder, 'snapshots'));
      symlinkSync(join(outside, 'album'), join(store.folder, 'snapshots', '0000'));
      mkdirSync(join(store.folder, 'texts', '0000'), { recursive: true });
      symlinkSync(join(outside, 'album', 'a.jpg'), join(store.folder, 'texts', '0000', 'a.jpg'));
      for (const name of ['segments/album/a.jpg', 'snapshots/0000/a.jpg', 'texts/0000/a.jpg']) {
        const asked = method === 'list' ? name.slice(0, name.indexOf('/')) : name;
        const answer = method === 'write' ? store.write(asked, [bytes('new')]) : store[method](asked);
        await expect(answer).rejects.toMatchObject({
          code: 'unreadable-file',
          message: expect.stringMatching(/is a link, and a profile is made of files/) as string,
        });
      }
      expect(readFileSync(join(outside, 'album', 'a.jpg'), 'utf8')).toBe('x');
      expect(readdirSync(join(outside, 'album'))).toEqual(['a.jpg']);
    },
  );

  it.runIf(process.platform !== 'win32')('does not wait for a pipe', async () => {
    await store.write('manifest.json', []);
    execFileSync('mkfifo', [join(store.folder, 'sites.json')]);
    const asked = [
      () => store.readAll('sites.json'),
      () => store.read('sites.json', 0, 1),
      () => store.size('sites.json'),
    ];
    for (const ask of asked)
      await expect(ask()).rejects.toThrow('sites.json is a pipe, a socket or a device');
  });

  it('takes a link for the folder itself', async () => {
    mkdirSync(join(folder.path, 'elsewhere'));
    symlinkSync(join(folder.path, 'elsewhere'), join(folder.path, 'link'));
    const linked = new FolderStore(join(folder.path, 'link'));
    await linked.write('texts/0000/tokens.arrow', [bytes('abc')]);
    expect(await linked.size('texts/0000/tokens.arrow')).toBe(3);
    expect(readdirSync(join(folder.path, 'elsewhere'))).toEqual(['texts']);
  });

  it.each(['moved', 'deleted', 'replaced'])('does not make a folder anew that was %s', async (how) => {
    await store.write('manifest.json', [bytes('half')]);
    if (how === 'deleted') rmSync(store.folder, { recursive: true });
    else renameSync(store.folder, join(folder.path, 'moved'));
    if (how === 'replaced') mkdirSync(store.folder);
    const message = /was moved, deleted or replaced while it was being written/;
    await expect(store.write('segments/0000/x', [bytes('x')])).rejects.toThrow(message);
    await expect(store.remove('manifest.json')).rejects.toThrow(message);
    expect(existsSync(join(store.folder, 'segments'))).toBe(false);
    expect(existsSync(store.folder)).toBe(how === 'replaced');
  });

  it('says what is missing, cut short or a folder', async () => {
    await store.write('short', [bytes('abc')]);
    mkdirSync(join(store.folder, 'folder'));
    expect(await store.size('none')).toBeNull();
    expect(await store.size('folder')).toBeNull();
    await expect(store.read('none', 0, 1)).rejects.toMatchObject({ code: 'unreadable-file' });
    await expect(store.readAll('folder')).rejects.toThrow('cannot be read: it is a folder');
    await expect(store.read('short', 2, 5)).rejects.toThrow('it ends before byte 7');
  });

  it.each(['../outside', 'a/../../outside', '/etc/hostname'])(
    'refuses %s, outside the folder',
    async (name) => {
      await expect(store.readAll(name)).rejects.toThrow('lies outside');
      await expect(store.write(name, [])).rejects.toThrow('lies outside');
      await expect(store.remove(name)).rejects.toThrow('lies outside');
    },
  );
});
