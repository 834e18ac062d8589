import type { TextSpan } from '../../text/textSpan';
import type { CodeLanguage } from './fileType';

/** Kinds of tokens of source code; one token may have several. */
export const CODE_KINDS = [
  'keyword',
  'identifier',
  'function definition',
  'function call',
  'type',
  'parameter',
  'string',
  'comment',
  'number',
  'operator',
  'decorator',
  'import',
] as const;
export type CodeKind = (typeof CODE_KINDS)[number];

export interface CodeSpan extends TextSpan {
  readonly kind: CodeKind;
}

/** Parts of a Markdown text. */
export const MARKUP_KINDS = [
  'heading',
  'list item',
  'link',
  'table',
  'emphasis',
  'inline code',
  'code block',
  'block quote',
] as const;
export type MarkupKind = (typeof MARKUP_KINDS)[number];

export interface MarkupSpan extends TextSpan {
  readonly kind: MarkupKind;
}

/** A word as a labeller of English reads it. */
export interface TaggedWord extends TextSpan {
  /** Universal part of speech: NOUN, VERB, … */
  readonly upos: string;
  readonly lemma: string;
  /** Within the scope of a negation. */
  readonly negated: boolean;
}

/** A sentence with its sentiment, from −1 to 1. */
export interface TaggedSentence extends TextSpan {
  readonly sentiment: number;
}

export interface TaggedText {
  readonly words: readonly TaggedWord[];
  readonly sentences: readonly TaggedSentence[];
}

export type ChatRole = 'system' | 'user' | 'assistant';

/** A message as chat templates take it. */
export interface ChatMessage {
  readonly role: ChatRole;
  readonly content: string;
}

/** Reads languages by means that are not ours: held by `runtime`, which knows the libraries. */
export interface Labellers {
  /** @returns null where the labeller did not come to an end in time. */
  tag(text: string): Promise<TaggedText | null>;
  /** @returns null where the grammar did not come to an end in time. */
  parseCode(text: string, language: CodeLanguage): Promise<readonly CodeSpan[] | null>;
  /** @returns null where the grammar did not come to an end in time. */
  parseMarkup(text: string): Promise<readonly MarkupSpan[] | null>;
  /** All matches of a valid regular expression. @returns null where they did not come to an end in time. */
  search(text: string, pattern: string, flags: string): Promise<readonly TextSpan[] | null>;
  /**
   * A conversation as a chat template writes it, without tokens that begin or end a text.
   * @returns null where the template refuses it, or did not come to an end in time
   */
  renderChat(template: string, messages: readonly ChatMessage[]): Promise<string | null>;
}
