import type { Unit } from '../units';

/** Where a document's tokens and text lie in the profile. */
export interface TextLocation {
  /** Number of the text part. */
  readonly part: number;
  /** Row of its first token in the part's tokens. */
  readonly firstToken: number;
  readonly tokenCount: number;
  /** UTF-16 unit of the part's text at which it begins. */
  readonly textStart: number;
}

/** A row of a segment's document table. */
export interface DocumentRow extends TextLocation, Unit {
  readonly file: string;
  readonly record: number | null;
  readonly offsetBase: number;
}

/** Whether any token of a document was run: it may have been taken in, and no more. */
export function isBegun({ held }: Unit): boolean {
  return held?.length !== 0;
}
