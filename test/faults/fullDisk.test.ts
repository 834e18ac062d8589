import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { runProfile } from '../../src/core/pipeline/profileRun';
import type { Manifest } from '../../src/core/profile/manifest';
import { readManifest } from '../../src/core/profile/manifestFile';
import { FolderStore } from '../../src/runtime/files/folderStore';
import { openOutput, type OutputPurpose } from '../../src/runtime/profiles/outputFolder';
import { expectSameProfile } from '../unit/pipeline/compareTables';
import { madeTexts, requestFor, SILENT } from '../unit/pipeline/fakes';
import { countFaults, howMany } from './faultCount';

/** How many pieces of files the disk takes before it is full. */
const disk = vi.hoisted(() => ({ writesLeft: Infinity, writes: 0 }));
vi.mock('node:fs/promises', async (importOriginal) => {
  const original = await importOriginal<typeof import('node:fs/promises')>();
  const write = <T>(change: () => Promise<T>): Promise<T> => {
    disk.writes += 1;
    if (disk.writesLeft-- > 0) return change();
    return Promise.reject(Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }));
  };
  const open = async (...parameters: Parameters<typeof original.open>): Promise<FileHandle> => {
    const handle = await original.open(...parameters);
    const writeFile = handle.writeFile.bind(handle);
    handle.writeFile = (data) => write(() => writeFile(data));
    return handle;
  };
  const writeFile: typeof original.writeFile = (...parameters) =>
    write(() => original.writeFile(...parameters));
  return { ...original, open, writeFile };
});

const folder = mkdtempSync(join(tmpdir(), 'neuron-lens-faults-'));
const out = join(folder, 'p');
afterAll(() => rmSync(folder, { recursive: true }));

async function profile(purpose: OutputPurpose, seed: number, place = out): Promise<Manifest> {
  const output = await openOutput(place, purpose);
  try {
    const often = { segmentTokens: 100, snapshotInterval: 1 };
    const request = requestFor(madeTexts(12, 60, seed), { store: output.store, ...often });
    const manifest = await runProfile(request, SILENT, new AbortController().signal);
    await output.publish(manifest);
    return manifest;
  } finally {
    await output.close();
  }
}

async function expectSame(undisturbed: string): Promise<void> {
  const stores = [new FolderStore(out), new FolderStore(undisturbed)] as const;
  const [actual, expected] = await Promise.all(stores.map(readManifest));
  await expectSameProfile({ store: stores[0], manifest: actual! }, { store: stores[1], manifest: expected! });
  await Promise.all(stores.map((store) => store.close()));
  expect(readdirSync(out).sort()).toEqual(readdirSync(undisturbed).sort());
}

describe('a disk that is full', () => {
  const count = countFaults('full disks');
  const [first, second] = [join(folder, 'first'), join(folder, 'second')];

  it('ends a run with a sentence at whichever write, keeps what was there, and is gone on with', async () => {
    await profile('new', 1, first);
    disk.writes = 0;
    await profile('new', 2, second);
    const { writes } = disk;
    expect(writes).toBeGreaterThan(30);
    for (const purpose of ['new', 'replace'] as const) {
      for (let fault = 0; fault < howMany(120, 4); fault++) {
        const allowed = Math.floor((writes * fault) / howMany(120, 4));
        count.tried++;
        rmSync(out, { recursive: true, force: true });
        if (purpose === 'replace') cpSync(first, out, { recursive: true });
        disk.writesLeft = allowed;
        const failed = profile(purpose, 2);
        await expect(failed).rejects.toMatchObject({ code: 'disk-full' });
        disk.writesLeft = Infinity;
        if (purpose === 'replace') {
          expect((await readManifest(new FolderStore(out))).corpus.sha256).toBe(
            (await readManifest(new FolderStore(first))).corpus.sha256,
          );
        }
        await profile(purpose === 'replace' ? 'replace' : 'resume', 2);
        await expectSame(second);
        count.survived++;
      }
    }
  });
});
