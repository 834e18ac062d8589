import { randomUUID } from 'node:crypto';
import { constants, copyFile, link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { LensError } from '../../core/common/errors';
import { isMissing, systemCode, writeError } from './fileErrors';

const LOCK_FILE = '.lock';

const Holder = v.object({ process: v.number(), host: v.string(), since: v.string(), nonce: v.string() });
type Holder = v.InferOutput<typeof Holder>;

/** The right to be the only writer of a folder. */
export interface FolderLock {
  release(): Promise<void>;
}

/**
 * Makes this process the only writer of a folder, which is made if need be.
 * The lock of a process of this machine that is no longer there is taken over.
 * @throws LensError `profile-locked` while another writer is at work.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const path = join(folder, LOCK_FILE);
  const mine: Holder = {
    process: process.pid,
    host: hostname(),
    since: new Date().toISOString(),
    nonce: randomUUID(),
  };
  await mkdir(folder, { recursive: true }).catch((thrown: unknown) => {
    throw writeError(folder, thrown);
  });
  while (!(await claim(path, mine))) {
    const found = await holderOf(path);
    if (found === 'gone') continue;
    if (found !== 'damaged' && isAtWork(found)) throw lockedBy(found, folder, path);
    await discard(path, found);
  }
  return {
    async release() {
      const found = await holderOf(path);
      if (typeof found === 'object' && found.nonce === mine.nonce) await rm(path, { force: true });
    },
  };
}

/** Appears whole or not at all, so that no other process reads half a lock. */
async function claim(path: string, mine: Holder): Promise<boolean> {
  const draft = `${path}.${mine.nonce}`;
  try {
    await writeFile(draft, JSON.stringify(mine));
    await linkOrCopy(draft, path);
    return true;
  } catch (thrown) {
    if (systemCode(thrown) === 'EEXIST') return false;
    throw writeError(path, thrown);
  } finally {
    await rm(draft, { force: true });
  }
}

/** Memory cards and some network drives know no links; a copy there is short enough to be whole in practice. */
async function linkOrCopy(from: string, to: string): Promise<void> {
  await link(from, to).catch(async (thrown: unknown) => {
    if (systemCode(thrown) === 'EEXIST') throw thrown;
    await copyFile(from, to, constants.COPYFILE_EXCL);
  });
}

async function holderOf(path: string): Promise<Holder | 'gone' | 'damaged'> {
  try {
    return v.parse(Holder, JSON.parse(await readFile(path, 'utf8')));
  } catch (thrown) {
    return isMissing(thrown) ? 'gone' : 'damaged';
  }
}

/** A process of another machine cannot be asked, so its lock is respected. */
function isAtWork(holder: Holder): boolean {
  if (holder.host !== hostname()) return true;
  try {
    process.kill(holder.process, 0);
    return true;
  } catch (thrown) {
    return systemCode(thrown) === 'EPERM';
  }
}

/** Moves a stale lock away; if another process was quicker and the lock is a new one, puts it back. */
async function discard(path: string, stale: Holder | 'damaged'): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
    const moved = await holderOf(aside);
    const isStale =
      typeof moved === 'object' && typeof stale === 'object' ? moved.nonce === stale.nonce : moved === stale;
    if (!isStale) await linkOrCopy(aside, path);
  } catch (thrown) {
    if (!isMissing(thrown) && systemCode(thrown) !== 'EEXIST') throw writeError(path, thrown);
  } finally {
    await rm(aside, { force: true });
  }
}

function lockedBy(holder: Holder, folder: string, path: string): LensError {
  return new LensError(
    'profile-locked',
    `${folder} is being written by process ${holder.process} on ${holder.host} since ${holder.since}. Wait until it is done, or cancel it; if it is not running any more, delete ${path}.`,
  );
}
