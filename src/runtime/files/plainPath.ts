import type { Stats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { LensError } from '../../core/common/errors';
import { isMissing } from './fileErrors';

/**
 * Looks up a name below a folder. On the way there and at its end are files and folders only: whoever made the folder
 * may have put a link to something else there, or a pipe that never ends. The folder itself may be a link.
 * @param name with forward slashes; it may come from a manifest that others wrote
 * @returns null where there is nothing of that name
 * @throws LensError `unreadable-file` that names what is in the way, or a name outside the folder; the system's error
 */
export async function findPlain(folder: string, name: string): Promise<Stats | null> {
  const steps = relative(folder, pathWithin(folder, name)).split(sep).filter(Boolean);
  let found: Stats | null = null;
  for (let depth = 1; depth <= steps.length; depth++) {
    found = await plainEntry(join(folder, ...steps.slice(0, depth)));
    if (found === null) return null;
  }
  return found;
}

/** @throws LensError `unreadable-file` where the name leads out of the folder */
export function pathWithin(folder: string, name: string): string {
  const path = resolve(folder, name);
  const inside = relative(folder, path);
  if (inside === '..' || inside.startsWith(`..${sep}`) || resolve(inside) === inside) {
    throw new LensError(
      'unreadable-file',
      `${name} lies outside ${folder}: the profile names a file that it may not.`,
    );
  }
  return path;
}

/** What a path is by itself, or null. @throws LensError `unreadable-file` for what is neither a file nor a folder */
export async function plainEntry(path: string): Promise<Stats | null> {
  const found = await lstat(path).catch((thrown: unknown) => {
    if (isMissing(thrown)) return null;
    throw thrown;
  });
  if (found === null || found.isFile() || found.isDirectory()) return found;
  const kind = found.isSymbolicLink() ? 'a link' : 'a pipe, a socket or a device';
  throw new LensError(
    'unreadable-file',
    `${path} is ${kind}, and a profile is made of files and folders of its own: nothing behind it is read, written or removed. Take it out of the folder, or use another profile.`,
  );
}
