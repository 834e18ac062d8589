import { randomUUID } from 'node:crypto';
import { constants, copyFile, link, lstat, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { LensError } from '../../core/common/errors';
import { isMissing, systemCode, writeError } from './fileErrors';
import { mayBeAtWork, notedProcess, thisProcess } from './otherProcess';
import { sweepTemporaries, temporaryName } from './temporaryFiles';

/** Name of the lock in a folder that is being written. */
export const LOCK_FILE = '.lock';
/** How every lock begins, whole or cut off by a power cut. */
const LOCK_TEXT = '{"process":';
const LOCK_BYTES = 4096;

const Holder = v.object({ ...notedProcess.entries, since: v.string(), nonce: v.string() });
type Holder = v.InferOutput<typeof Holder>;
type Found = Holder | 'gone' | 'damaged';

/** The right to be the only writer of a folder. */
export interface FolderLock {
  release(): Promise<void>;
}

/**
 * Makes this process the only writer of a folder, which is made if need be.
 * The lock of a process of this machine that is no longer there is taken over.
 * @throws LensError `profile-locked` while another writer is at work, `write-failed` where something that is no lock
 *   stands in its place.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const path = join(folder, LOCK_FILE);
  const mine: Holder = { ...thisProcess(), since: new Date().toISOString(), nonce: randomUUID() };
  await mkdir(folder, { recursive: true }).catch((thrown: unknown) => {
    throw writeError(folder, thrown);
  });
  while (!(await claim(path, mine))) {
    const found = await holderOf(path);
    if (found === 'gone') continue;
    if (found !== 'damaged' && mayBeAtWork(found)) throw lockedBy(found, folder, path);
    await discard(path, found);
  }
  await sweepTemporaries(folder);
  return {
    async release() {
      const found = await holderOf(path).catch(() => 'gone' as const);
      if (typeof found === 'object' && found.nonce === mine.nonce) await rm(path, { force: true });
    },
  };
}

/** Whether a file in a folder is a lock. */
export async function isLock(folder: string, name: string): Promise<boolean> {
  if (name !== LOCK_FILE) return false;
  return holderOf(join(folder, name)).then(
    () => true,
    () => false,
  );
}

/** Appears whole or not at all, so that no other process reads half a lock. */
async function claim(path: string, mine: Holder): Promise<boolean> {
  const draft = join(dirname(path), temporaryName());
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

/** @throws LensError `write-failed` for what is no lock: it is somebody's, and stays where it is. */
async function holderOf(path: string): Promise<Found> {
  try {
    const found = await lstat(path);
    if (!found.isFile() || found.size > LOCK_BYTES) throw noLock(path);
    const text = await readFile(path, 'utf8');
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), Holder), text);
    if (parsed.success) return parsed.output;
    if (text.startsWith(LOCK_TEXT) || LOCK_TEXT.startsWith(text)) return 'damaged';
    throw noLock(path);
  } catch (thrown) {
    if (isMissing(thrown)) return 'gone';
    throw writeError(path, thrown);
  }
}

/** Moves a stale lock away; if another process was quicker and the lock is a new one, puts it back. */
async function discard(path: string, stale: Holder | 'damaged'): Promise<void> {
  const aside = join(dirname(path), temporaryName());
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

function noLock(path: string): LensError {
  return new LensError(
    'write-failed',
    `${path} is none of this program's locks, so the folder is not written to. Move it elsewhere, or choose another folder.`,
  );
}
