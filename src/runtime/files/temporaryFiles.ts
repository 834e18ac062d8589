import { createHash, randomUUID } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing, writeError } from './fileErrors';
import { mayBeAtWork, thisProcess } from './otherProcess';

/** Says of a file that it is still being written, and by which process of which machine. */
const TEMPORARY = /^\.neuron-lens-(?<host>[0-9a-f]{8})-(?<process>\d+)-(?<started>\d*)-[0-9a-f]{8}\.writing$/;

/** A name for a file that is still being written. */
export function temporaryName(): string {
  const { process, host, started } = thisProcess();
  return `.neuron-lens-${tagOf(host)}-${process}-${started ?? ''}-${randomUUID().slice(0, 8)}.writing`;
}

/** Whether a file is one that is still being written, or was when its writer was killed. */
export function isTemporary(name: string): boolean {
  return TEMPORARY.test(name);
}

/**
 * Removes from a folder what killed writers of this machine left half written. A folder that cannot be listed is left.
 * @throws LensError `write-failed` where such a file cannot be removed
 */
export async function sweepTemporaries(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter(isAbandoned)) {
    const path = join(folder, name);
    await rm(path, { force: true }).catch((thrown: unknown) => {
      if (!isMissing(thrown)) throw writeError(path, thrown);
    });
  }
}

function isAbandoned(name: string): boolean {
  const found = TEMPORARY.exec(name)?.groups;
  const here = thisProcess();
  if (!found || found.host !== tagOf(here.host)) return false;
  const started = found.started === '' ? null : found.started!;
  return !mayBeAtWork({ process: Number(found.process), host: here.host, started });
}

function tagOf(host: string): string {
  return createHash('sha256').update(host).digest('hex').slice(0, 8);
}
