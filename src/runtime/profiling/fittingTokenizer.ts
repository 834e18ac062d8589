import { LensError } from '../../core/common/errors';
import type { Tokenizer } from '../../core/text/tokenizer';

/**
 * The tokenizer, refusing texts with ids that the model has no embedding for. A vocabulary that is larger than the
 * embedding is not refused by itself: Gemma's has entries for images that its text model does without.
 * @param embeddings rows of the model's embedding, or null where its configuration does not tell
 * @param modelName as people call the model
 */
export function fittingTokenizer(
  tokenizer: Tokenizer,
  embeddings: number | null,
  modelName: string,
): Tokenizer {
  if (embeddings === null) return tokenizer;
  return {
    ...tokenizer,
    async tokenize(text) {
      const tokens = await tokenizer.tokenize(text);
      const stranger = tokens.ids.find((id) => id >= embeddings);
      if (stranger !== undefined) throw mismatch(tokenizer, stranger, embeddings, modelName);
      return tokens;
    },
  };
}

function mismatch(tokenizer: Tokenizer, id: number, embeddings: number, modelName: string): LensError {
  return new LensError(
    'tokenizer-mismatch',
    `The tokenizer does not fit the model: it gives token ${id} (“${tokenizer.pieceOf(id)}”) and ${modelName} has ` +
      `embeddings for ${embeddings} tokens. Put the model's own tokenizer.json beside it.`,
  );
}
