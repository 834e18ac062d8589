import type { ShownToken } from './strongestTokens';

/** One rule of the sentence: what was compared with what, and whether it held. */
export interface ReadingRule {
  readonly rule: string;
  readonly measured: string;
  readonly holds: boolean;
}

/** A piece of the sentence: words, or tokens that it names. */
export type ReadingPart = string | { readonly tokens: readonly ShownToken[] };

/** What a rule found: its row of the table, and what it adds to the sentence. */
export interface Finding extends ReadingRule {
  /** Bold, where the rule holds. */
  readonly word: string | null;
  /** Null where it adds nothing. */
  readonly clause: readonly ReadingPart[] | null;
}
