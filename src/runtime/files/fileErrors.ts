import { LensError } from '../../core/common/errors';
import type { FileFault } from '../../core/common/skipReasons';

/** The system's code of a failed file operation, such as `ENOENT`, or null for any other error. */
export function systemCode(thrown: unknown): string | null {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : null;
}

/** Whether a file or folder is simply not there. */
export function isMissing(thrown: unknown): boolean {
  return systemCode(thrown) === 'ENOENT' || systemCode(thrown) === 'ENOTDIR';
}

/** Why a file could not be read. */
export interface ReadFault {
  readonly fault: FileFault;
  /** In words that end a sentence. */
  readonly reason: string;
}

/** Of whatever is neither a file nor a folder: to open it could wait for ever. */
export const NOT_A_FILE: ReadFault = {
  fault: 'notAFile',
  reason: 'it is a pipe, a socket or a device, and no file',
};

/** Thrown instead of opening what is neither a file nor a folder. */
export class NotAFileError extends Error {}

/** Why the system did not let a file be read. */
export function readFault(thrown: unknown): ReadFault {
  if (thrown instanceof NotAFileError) return NOT_A_FILE;
  const code = systemCode(thrown);
  if (isMissing(thrown)) return { fault: 'changed', reason: 'it is not there' };
  if (code === 'EACCES' || code === 'EPERM')
    return { fault: 'denied', reason: 'it may not be opened by you' };
  if (code === 'ELOOP') return { fault: 'brokenLink', reason: 'its links lead in a circle' };
  if (code === 'EISDIR') return { fault: 'failed', reason: 'it is a folder' };
  if (code === 'ENAMETOOLONG') {
    return { fault: 'failed', reason: 'its name is longer than the system allows' };
  }
  return { fault: 'failed', reason: code === null ? String(thrown) : `the system says ${code}` };
}

/** Why a file could not be read, in words that end a sentence. */
export function readReason(thrown: unknown): string {
  return readFault(thrown).reason;
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
  return new LensError('write-failed', `${path} could not be written: ${writeReason(code, thrown)}`, {
    cause: thrown,
  });
}

/** Why something could not be written, and what to do: the rest of a sentence, and another. */
const WRITE_REASONS: Readonly<Record<string, string>> = {
  ENOTDIR: 'there is a file where a folder should be. Choose another name.',
  EEXIST: 'there is a file where a folder should be. Choose another name.',
  EISDIR: 'there is a folder of that name. Choose another name.',
  EBUSY: 'a folder of that name, or a file that something else uses, is in the way. Choose another name.',
  ENAMETOOLONG: 'the name is longer than the system allows. Choose a shorter one.',
  ELOOP: 'its links lead in a circle. Choose another name.',
  EROFS: 'the disk can only be read. Choose a folder on another.',
  EACCES: 'you may not write there. Choose another folder, or see to its permissions.',
  EPERM: 'you may not write there. Choose another folder, or see to its permissions.',
  ENOENT: 'the folder that it is to be in is not there. Check the name.',
};

function writeReason(code: string | null, thrown: unknown): string {
  const known = code === null ? undefined : WRITE_REASONS[code];
  if (known !== undefined) return known;
  const said = code === null ? String(thrown) : `the system says ${code}`;
  return `${said}. Check the disk and the name, and start again.`;
}
