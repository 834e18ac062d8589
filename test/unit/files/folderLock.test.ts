import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lockFolder } from '../../../src/runtime/files/folderLock';
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
});
