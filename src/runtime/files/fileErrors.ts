import { LensError } from '../../core/common/errors';

/** The system's code of a failed file operation, such as `ENOENT`, or null for any other error. */
export function systemCode(thrown: unknown): string | null {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : null;
}

/** Whether a file or folder is simply not there. */
export function isMissing(thrown: unknown): boolean {
  return systemCode(thrown) === 'ENOENT' || systemCode(thrown) === 'ENOTDIR';
}

/** Why a file could not be read, in words that end a sentence. */
export function readReason(thrown: unknown): string {
  const code = systemCode(thrown);
  if (code === 'ENOENT') return 'it is not there any more';
  if (code === 'EACCES' || code === 'EPERM') return 'it may not be opened by you';
  if (code === 'EISDIR') return 'it is a folder';
  if (code === 'ELOOP') return 'its links lead in a circle';
  if (code === 'ENAMETOOLONG') return 'its name is longer than the system allows';
  return code === null ? String(thrown) : `the system says ${code}`;
}

/** The sentence for a file that could not be written; the file that stood there before is left whole. */
export function writeError(path: string, thrown: unknown): LensError {
  if (thrown instanceof LensError) return thrown;
  const code = systemCode(thrown);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new LensError(
      'disk-full',
      `The disk is full: ${path} could not be written, what was there before is kept. Free some space and start again; finished work is not repeated.`,
      { cause: thrown },
    );
  }
  return new LensError(
    'write-failed',
    `${path} could not be written (${code ?? String(thrown)}). Check that its folder exists and that you may write there.`,
    { cause: thrown },
  );
}
