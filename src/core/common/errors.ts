/** What went wrong, for programs. Each code is one kind of situation that a caller may treat differently. */
export const LENS_ERROR_CODES = [
  'cancelled',
  'usage',
  'not-found',
  'unreadable-file',
  'unsupported-text',
  'invalid-model',
  'no-ffn-found',
  'unsupported-model',
  'identity-failed',
  'no-head',
  'invalid-tokenizer',
  'tokenizer-mismatch',
  'invalid-profile',
  'newer-profile',
  'profiles-differ',
  'profile-locked',
  'disk-full',
  'write-failed',
  'engine-unavailable',
  'network',
  'internal',
] as const;

export type LensErrorCode = (typeof LENS_ERROR_CODES)[number];

/**
 * An error that a user can act on: `message` is one plain sentence or two that say what happened, where,
 * and what to do next. Whatever caused it stays in `cause` for the log.
 */
export class LensError extends Error {
  constructor(
    readonly code: LensErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'LensError';
  }
}

/** Anything thrown, as a LensError: a foreign error keeps its own message behind a sentence of ours. */
export function toLensError(thrown: unknown): LensError {
  if (thrown instanceof LensError) return thrown;
  const detail = thrown instanceof Error ? thrown.message : wordsOf(thrown);
  return new LensError('internal', `Something unexpected happened: ${detail}`, { cause: thrown });
}

/** Some values that can be thrown cannot be turned into text, such as an object without a prototype. */
function wordsOf(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return 'no more is known';
  }
}
