import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lockFolder } from '../../../src/runtime/files/folderLock';
import { temporaryName } from '../../../src/runtime/files/temporaryFiles';
import { temporaryFolder } from './temporaryFolder';

const folder = temporaryFolder();

function writeLock(holder: object): string {
  const path = join(folder.path, '.lock');
  writeFileSync(path, JSON.stringify({ since: '2026-01-01T00:00:00Z', nonce: 'other', ...holder }));
  return path;
}

async function deadProcess(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  return child.pid!;
}

describe('lockFolder', () => {
  it('lets one writer in at a time', async () => {
    const lock = await lockFolder(folder.path);
    await expect(lockFolder(folder.path)).rejects.toMatchObject({
      code: 'profile-locked',
      message: expect.stringContaining(`process ${process.pid}`) as string,
    });
    await lock.release();
    expect(readdirSync(folder.path)).toEqual([]);
    const next = await lockFolder(folder.path);
    await next.release();
  });

  it('lets in exactly one of many that ask at once, over a stale lock', async () => {
    writeLock({ process: await deadProcess(), host: hostname() });
    const asked = await Promise.allSettled(Array.from({ length: 20 }, () => lockFolder(folder.path)));
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('takes over the lock of a process that is gone, and one that cannot be read', async () => {
    writeLock({ process: await deadProcess(), host: hostname() });
    await (await lockFolder(folder.path)).release();
    writeFileSync(join(folder.path, '.lock'), '{"process":1');
    await (await lockFolder(folder.path)).release();
    expect(existsSync(join(folder.path, '.lock'))).toBe(false);
  });

  it('respects the lock of another machine', async () => {
    writeLock({ process: await deadProcess(), host: 'elsewhere.example' });
    await expect(lockFolder(folder.path)).rejects.toThrow(/on elsewhere\.example since .* delete /);
  });

  it('does not release a lock that has become that of another', async () => {
    const lock = await lockFolder(folder.path);
    const path = writeLock({ process: process.pid, host: hostname() });
    await lock.release();
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ nonce: 'other' });
  });

  it('leaves alone what is no lock of ours', async () => {
    const path = join(folder.path, '.lock');
    const others: [string, () => void][] = [
      ['a link', () => symlinkSync(join(folder.path, 'kept'), path)],
      ['a folder', () => mkdirSync(path)],
      ['a file of another program', () => writeFileSync(path, 'pid 17')],
    ];
    writeFileSync(join(folder.path, 'kept'), '{"process":1');
    for (const [what, make] of others) {
      make();
      await expect(lockFolder(folder.path), what).rejects.toThrow("is none of this program's locks");
      expect(readdirSync(folder.path).sort(), what).toEqual(['.lock', 'kept']);
      rmSync(path, { recursive: true });
    }
  });

  it.runIf(process.platform === 'linux')('tells a process from an earlier one of its number', async () => {
    writeLock({ process: process.pid, host: hostname(), started: '1' });
    await (await lockFolder(folder.path)).release();
    writeLock({ process: process.ppid, host: hostname(), started: '1' });
    await (await lockFolder(folder.path)).release();
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it('removes what processes left that were killed while they took the lock', async () => {
    const dead = temporaryName().replace(`-${process.pid}-`, `-${await deadProcess()}-`);
    writeFileSync(join(folder.path, dead), '');
    await (await lockFolder(folder.path)).release();
    expect(readdirSync(folder.path)).toEqual([]);
  });
});
