import { LensError, type LensErrorCode } from '../common/errors';
import { formatCount } from '../common/numberFormat';
import { firstNames } from '../common/wordList';
import { describeSkipCounts, type FileFault, type RecordFault, type SkipCounts } from '../common/skipReasons';

/** A file that was not read, or not to its end. */
export interface SkippedFile {
  readonly file: string;
  readonly fault: FileFault;
  /** Begins small and ends without a full stop: it follows the file's name and a colon. */
  readonly reason: string;
}

/** Records left out of a file that was read otherwise. */
export interface SkippedRecords {
  readonly file: string;
  readonly count: number;
  readonly faults: Readonly<Partial<Record<RecordFault, number>>>;
  /** What was wrong with the first, and where. */
  readonly first: string;
}

/** What was found under the inputs and not read. */
export interface Skipped {
  /** Names of files that hold no text. */
  readonly binary: readonly string[];
  /** Files and whole folders that a rule left out. */
  readonly ignored: number;
  readonly unreadable: readonly SkippedFile[];
  readonly brokenRecords: readonly SkippedRecords[];
}

/** How much was left out, by reason; reasons that did not occur are not listed. */
export function skipCountsOf({ binary, ignored, unreadable, brokenRecords }: Skipped): SkipCounts {
  const counts = new Map<string, number>();
  const add = (fault: string, count: number): void => {
    if (count > 0) counts.set(fault, (counts.get(fault) ?? 0) + count);
  };
  add('ignored', ignored);
  add('binary', binary.length);
  for (const { fault } of unreadable) add(fault, 1);
  for (const { faults } of brokenRecords) {
    for (const [fault, count] of Object.entries(faults)) add(fault, count);
  }
  return Object.fromEntries(counts);
}

/** A sentence for each thing that was left out, binary files in one. What a rule of the user's left out is no news. */
export function skippedSentences({ binary, unreadable, brokenRecords }: Skipped): string[] {
  const sentences = unreadable.map(({ file, reason }) => `${file} was left out: ${reason}.`);
  for (const { file, count, first } of brokenRecords) {
    const records = count === 1 ? '1 record' : `${formatCount(count)} records`;
    sentences.push(`${records} of ${file} ${count === 1 ? 'was' : 'were'} left out (${first}).`);
  }
  const files = binary.length === 1 ? '1 binary file was' : `${formatCount(binary.length)} binary files were`;
  if (binary.length > 0) sentences.push(`${files} left out (${firstNames(binary)}).`);
  return sentences;
}

/**
 * The error for a corpus in which nothing could be read: the first reason that is known, and the count by reason.
 * @param what begins the sentence, such as `There is no text to profile`
 */
export function nothingRead(code: LensErrorCode, what: string, skipped: Skipped): LensError {
  const counts = describeSkipCounts(skipCountsOf(skipped));
  const found = counts === '' ? '' : ` (${counts})`;
  const [first = 'Choose files that hold text, or change what is left out.'] = skippedSentences(skipped);
  return new LensError(code, `${what}${found}. ${first}`);
}
