import type { Stats } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { LensError } from '../../core/common/errors';
import { formatBytes } from '../../core/common/numberFormat';
import { isMissing, NOT_A_FILE, readReason } from './fileErrors';

/**
 * What a path leads to, where that is a file: a pipe or a device would be read without end, and waiting for one cannot
 * be cancelled.
 * @param advice what to do when it cannot be read: a sentence
 * @throws LensError `not-found`, `unreadable-file`
 */
export async function regularFile(path: string, advice: string): Promise<Stats> {
  const found = await stat(path).catch((cause: unknown) => {
    throw unreadable(path, readReason(cause), advice, cause);
  });
  if (found.isFile()) return found;
  const reason = found.isDirectory() ? 'it is a folder' : NOT_A_FILE.reason;
  throw unreadable(path, reason, advice);
}

/**
 * The bytes of a file that belongs to a model.
 * @throws LensError as `regularFile`, and where it is larger than any such file is
 */
export async function readRegularFile(path: string, mostBytes: number, advice: string): Promise<Buffer> {
  const { size } = await regularFile(path, advice);
  if (size > mostBytes) {
    throw unreadable(
      path,
      `it has ${formatBytes(size)}, and more than ${formatBytes(mostBytes)} are not read`,
      advice,
    );
  }
  return readFile(path).catch((cause: unknown) => {
    throw unreadable(path, readReason(cause), advice, cause);
  });
}

function unreadable(path: string, reason: string, advice: string, cause?: unknown): LensError {
  const code = isMissing(cause) ? 'not-found' : 'unreadable-file';
  return new LensError(code, `${path} cannot be read: ${reason}. ${advice}`, { cause });
}
