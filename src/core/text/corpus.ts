import type { CorpusFile, SourceDocument } from './document';
import type { GuessedFile } from './guessed';
import type { Skipped } from './skipped';

/** The texts of a run, read as they are needed: never all in memory. */
export interface Corpus {
  /** Absolute path that `file` names are relative to. */
  readonly root: string;
  /** What will be read, in the order of their documents' keys. */
  readonly files: readonly { readonly file: string; readonly bytes: number }[];
  /** Documents in key order. A file that vanishes or turns out binary half-way lands in `skipped`. */
  documents(signal: AbortSignal): AsyncIterable<SourceDocument>;
  /** Files read to their end so far, with their hashes; whole once `documents` has ended. */
  readonly read: readonly CorpusFile[];
  readonly skipped: Skipped;
  /** Files read so far in an encoding that was guessed, with its name. */
  readonly guessed: readonly GuessedFile[];
  /** Counts a document among the skipped, as its text cannot be run. @param reason follows the file's name and a colon */
  leaveOut(document: SourceDocument, reason: string): void;
}
