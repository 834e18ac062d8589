import { LensError } from '../common/errors';
import type { TokenizedText, WindowFrame } from './tokens';

/** Turns text into ids with offsets. */
export interface Tokenizer {
  /** Hash of tokenizer.json as it is on disk. */
  readonly sha256: string;
  /** One more than the largest id. */
  readonly vocabularySize: number;
  readonly frame: WindowFrame;
  /** @throws UnfitText */
  tokenize(text: string): Promise<TokenizedText>;
  /** The piece of vocabulary behind an id, for ids that have no text of their own. */
  pieceOf(id: number): string;
}

/** A text that a tokenizer cannot cope with, or that holds tokens which the model does not know. */
export class UnfitText extends LensError {
  /** @param reason begins small and ends without a full stop: it follows a file's name and a colon */
  constructor(
    readonly reason: string,
    options?: { cause?: unknown },
  ) {
    super('unsupported-text', `This text cannot be run: ${reason}.`, options);
  }
}

/** The tokens of a text, or why it has none that can be run. */
export async function tokensOrReason(
  tokenizer: Pick<Tokenizer, 'tokenize'>,
  text: string,
): Promise<TokenizedText | UnfitText> {
  try {
    return await tokenizer.tokenize(text);
  } catch (thrown) {
    if (thrown instanceof UnfitText) return thrown;
    throw thrown;
  }
}
