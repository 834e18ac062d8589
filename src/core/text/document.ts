/** A place in a file, both counted from 1; columns count UTF-16 code units, as editors do. */
export interface FilePlace {
  readonly line: number;
  readonly column: number;
}

/**
 * One text as the model reads it, still knowing where it stands in its file.
 * A plain file is one document, or several consecutive ones when it is long (docs/methods.md);
 * a structured file (.jsonl, .csv, .json) gives one document a record.
 */
export interface SourceDocument {
  /**
   * Identity and sort order of the document within its corpus: `file`, `file@0001` for a part of a long file,
   * `file#000012` for a record.
   */
  readonly key: string;
  /** Path relative to the corpus root, with forward slashes. */
  readonly file: string;
  /** Record number counted from 0 in a structured file, else null. */
  readonly record: number | null;
  readonly text: string;
  /**
   * Added to an offset in `text` to give the offset that is stored and shown:
   * the start of the part in its file for plain text, 0 for a record.
   */
  readonly offsetBase: number;
  /** The place in the file of a UTF-16 offset in `text`, escapes and quoting of structured files undone. */
  locate(offset: number): FilePlace;
}

/** A file of the corpus as it was when it was read. */
export interface CorpusFile {
  readonly file: string;
  readonly bytes: number;
  /** Of the bytes on disk; tells later whether an example is stale. */
  readonly sha256: string;
}

/** What was found under the inputs and not read, counted by reason. */
export interface SkippedFiles {
  readonly binary: number;
  readonly ignored: number;
  readonly unreadable: readonly { readonly file: string; readonly reason: string }[];
}
