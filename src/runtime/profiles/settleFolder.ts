import { setTimeout } from 'node:timers/promises';
import { LensError } from '../../core/common/errors';
import type { Manifest } from '../../core/profile/manifest';
import { findManifest } from '../../core/profile/manifestFile';
import { lockFolder } from '../files/folderLock';
import { FolderStore } from '../files/folderStore';
import { contentOf } from './folderContent';
import { finishReplacement, interruptedBy } from './replacement';

/** Moving one profile out and another in takes a few milliseconds. */
const PATIENCE = 40;
const PAUSE = 50;

/**
 * Makes a folder readable where one profile is taking another's place: waits for who does it, and finishes what was cut
 * off by a kill. Where it can do neither, the folder stays as it is.
 */
export async function settleFolder(folder: string): Promise<void> {
  for (let attempt = 0; attempt < PATIENCE && (await isBetween(folder)); attempt++) {
    if (await finish(folder)) return;
    await setTimeout(PAUSE);
  }
}

/** The manifest of the profile in a folder, or null. @throws LensError as `findManifest` */
export async function findProfile(folder: string): Promise<Manifest | null> {
  await settleFolder(folder);
  return findManifest(new FolderStore(folder));
}

async function isBetween(folder: string): Promise<boolean> {
  return (await interruptedBy(folder).catch(() => null)) !== null;
}

/** @returns false while another process is at it */
async function finish(folder: string): Promise<boolean> {
  try {
    if ((await contentOf(folder)).kind !== 'profile') return true;
    const lock = await lockFolder(folder);
    await finishReplacement(folder).finally(() => lock.release());
    return true;
  } catch (thrown) {
    if (!(thrown instanceof LensError)) throw thrown;
    return thrown.code !== 'profile-locked';
  }
}
