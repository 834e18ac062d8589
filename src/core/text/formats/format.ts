import type { RecordFault } from '../../common/skipReasons';
import type { FilePlace } from '../document';

/** A text that a format found in a file, with its way back into the file. */
export interface FoundText {
  /** Counted from 0 in formats of records, null in plain text. */
  readonly record: number | null;
  /** Counted from 1 where what it is found in was cut into slices, else null. */
  readonly slice: number | null;
  readonly text: string;
  /** Where the slice starts in what was cut, else 0. */
  readonly offsetBase: number;
  /** The place in the file of a UTF-16 offset in `text`. */
  readonly locate: (offset: number) => FilePlace;
}

export interface FormatOptions {
  /** Column or key that holds the text; null to find it by its name. */
  readonly textField: string | null;
  /** Called for each record that cannot be read; reading goes on behind it. */
  readonly onBroken: (place: FilePlace, fault: RecordFault, reason: string) => void;
}

/**
 * Reads a file's text, which arrives in chunks of any size.
 * @throws LensError `unsupported-text` when no text can be found in the file; the message is the reason alone.
 */
export type ReadTexts = (chunks: AsyncIterable<string>, options: FormatOptions) => AsyncGenerator<FoundText>;

/** A kind of file: what tells that a file is of it, and how its texts are found. */
export interface Format {
  /**
   * Whether a file is of this kind, by its name, and by its text where the name leaves it open.
   * @param open gives the file's text from its beginning, as often as it is called.
   * @param textField column or key that is asked for, or null.
   */
  matches(
    file: string,
    open: () => AsyncIterable<string>,
    textField: string | null,
  ): boolean | Promise<boolean>;
  readonly read: ReadTexts;
}
