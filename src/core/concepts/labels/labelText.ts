import type { TokenizedText } from '../../text/tokens';
import type { FileType } from './fileType';
import type { MarkupSpan, CodeSpan, TaggedText } from './labellers';

/** A document as labels see it. */
export interface LabelText {
  readonly file: string;
  readonly text: string;
  readonly tokens: TokenizedText;
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
