import { formatCount } from './numberFormat';

/** Why a file of a corpus was not read, with the words that follow a count of such files. */
const FILE_REASONS = {
  ignored: 'ignored by .gitignore or an exclude rule',
  binary: 'binary',
  encoding: 'in a broken or unknown encoding',
  noTextField: 'without a field for text',
  brokenLink: 'linked to nothing',
  linkedFolder: 'linked to a folder',
  linkedTwice: 'linked to what is read already',
  profile: 'that a profile is made of',
  notAFile: 'of a kind that is not read (pipe, socket or device)',
  denied: 'closed to you',
  changed: 'gone or changed meanwhile',
  unfitText: 'with text that the model cannot take',
  failed: 'that the system cannot read',
} as const;

/** Why a record of a file was not read, with the words that follow a count of such records. */
const RECORD_REASONS = {
  invalidJson: 'of broken JSON',
  noText: 'without text',
  fieldCount: 'with more or fewer fields than the file has columns',
  openQuote: 'with a quote that does not end its field',
  treebank: 'of broken CoNLL-U',
  tooLong: 'that are too long',
  unfit: 'with text that the model cannot take',
} as const;

export type FileFault = keyof typeof FILE_REASONS;
export type RecordFault = keyof typeof RECORD_REASONS;

/** How many files and records were left out, by reason: keys are those of `FileFault` and `RecordFault`. */
export type SkipCounts = Readonly<Record<string, number>>;

/** Such as `2 binary, 20 ignored by .gitignore or an exclude rule, 3 records without text`; empty for none. */
export function describeSkipCounts(counts: SkipCounts): string {
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([reason, count]) => `${formatCount(count)} ${wordsOf(reason, count)}`)
    .join(', ');
}

function wordsOf(reason: string, count: number): string {
  if (reason in FILE_REASONS) return FILE_REASONS[reason as FileFault];
  const words = reason in RECORD_REASONS ? RECORD_REASONS[reason as RecordFault] : `(${reason})`;
  return `${count === 1 ? 'record' : 'records'} ${words}`;
}
