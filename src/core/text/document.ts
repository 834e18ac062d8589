/** A place in a file, both counted from 1; columns count UTF-16 code units, as editors do. */
export interface FilePlace {
  readonly line: number;
  readonly column: number;
}

/** A stretch of a file from one place up to another. */
export interface FileRange {
  readonly from: FilePlace;
  readonly to: FilePlace;
}

/**
 * One text as the model reads it, still knowing where it stands in its file.
 * A plain file is one document, or several consecutive ones when it is long (docs/methods.md);
 * a structured file (.jsonl, .csv, .tsv, .json) gives one document a record, or several when that is long.
 */
export interface SourceDocument {
  /**
   * Identity and sort order of the document within its corpus (documentKey.ts): `file`, `file#00001` for the first
   * slice of a long file, `file#000000012` for a record, `file#000000012#00001` for a slice of a long one, `file#3:1-9:20` for a stretch from place to place.
   */
  readonly key: string;
  /** Path relative to the corpus root, with forward slashes. */
  readonly file: string;
  /** Record number counted from 0 in a structured file, else null. */
  readonly record: number | null;
  readonly text: string;
  /**
   * Added to an offset in `text` to give the offset that is stored and shown:
   * the start of the slice in its file or record, 0 where that is whole.
   */
  readonly offsetBase: number;
  /** The place in the file of a UTF-16 offset in `text`, escapes and quoting of structured files undone. */
  readonly locate: (offset: number) => FilePlace;
}

/** A file of the corpus as it was when it was read. */
export interface CorpusFile {
  readonly file: string;
  readonly bytes: number;
  /** Of the bytes on disk; tells later whether an example is stale. */
  readonly sha256: string;
}

/** How a file stands to what it was when it was profiled; `unreadable` where the system does not let it be read. */
export type FileState = 'same' | 'changed' | 'missing' | 'unreadable';
