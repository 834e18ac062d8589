import type { TokenizedText } from '../../text/tokens';
import type { FileType } from './fileType';
import type { MarkupSpan, CodeSpan, TaggedText } from './labellers';

/** A document as labels see it. */
export interface LabelText {
  readonly file: string;
  /** Of a structured file, counted from 0; else null. */
  readonly record: number | null;
  readonly text: string;
  /** Where the text begins in its file or record: not 0 for a later part of a long one. */
  readonly offsetBase: number;
  readonly tokens: TokenizedText;
  /** [tokens] line of the file that each begins on, from 1. */
  readonly lines: Uint32Array;
  /** [tokens] how many tokens stand before each in the window that gives it its activation. */
  readonly windowPositions: Uint32Array;
  readonly type: FileType;
  /** What a labeller of English made of it; null for code, and where it gave up. */
  readonly tagged: TaggedText | null;
  /** Tokens of source code by grammar; none for prose. */
  readonly code: readonly CodeSpan[];
  /** Parts of Markdown; none for code. */
  readonly markup: readonly MarkupSpan[];
}
