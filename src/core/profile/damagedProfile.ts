import { LensError } from '../common/errors';

/**
 * @param file name within the profile folder.
 * @param reason half a sentence, such as "it ends too early".
 */
export function damagedProfile(file: string, reason: string, cause?: unknown): LensError {
  if (cause instanceof LensError) return cause;
  return new LensError(
    'invalid-profile',
    `The profile's file ${file} cannot be used: ${reason}. Restore the folder from a copy, or profile again.`,
    { cause },
  );
}
