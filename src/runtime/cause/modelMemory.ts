import { LensError } from '../../core/common/errors';
import { formatBytes } from '../../core/common/numberFormat';
import type { WholeModel } from './wholeModel';

/** Bytes of the files that are open while a model runs: its own, and those that feed it or read what it gives. */
export function fileBytes({ modelPackage: { parts, embedding }, analysed }: WholeModel): number {
  const files = new Set([analysed.file, ...parts.values(), ...(embedding ? [embedding] : [])]);
  return [...files].reduce((sum, { bytes }) => sum + bytes, 0);
}

/**
 * @param what is to be done, as the beginning of a sentence
 * @param needed bytes, at least
 * @throws LensError `unsupported-model` where they are more than what is free, with the numbers
 */
export function requireMemory({ modelPackage: { id } }: WholeModel, what: string, needed: number): void {
  const free = process.availableMemory();
  if (needed <= free) return;
  throw new LensError(
    'unsupported-model',
    `${what} ${id} takes ${formatBytes(needed)} of memory at least, and ${formatBytes(free)} are free. ` +
      'Close other programs, or take a smaller file with --dtype.',
  );
}
