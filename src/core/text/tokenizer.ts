import type { TokenizedText, WindowFrame } from './tokens';

/** Turns text into ids with offsets. */
export interface Tokenizer {
  /** Hash of tokenizer.json as it is on disk. */
  readonly sha256: string;
  /** One more than the largest id. */
  readonly vocabularySize: number;
  readonly frame: WindowFrame;
  tokenize(text: string): Promise<TokenizedText>;
  /** The piece of vocabulary behind an id, for ids that have no text of their own. */
  pieceOf(id: number): string;
}
