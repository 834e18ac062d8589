import { UnfitText, type Tokenizer } from '../../core/text/tokenizer';

/**
 * The tokenizer, refusing texts with ids that the model has no embedding for. A vocabulary that is larger than the
 * embedding is not refused by itself: Gemma's has entries for images that its text model does without.
 * @param embeddings rows of the model's embedding, or null where nothing tells
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
      if (stranger === undefined) return tokens;
      throw new UnfitText(
        `it holds token ${stranger} (“${tokenizer.pieceOf(stranger)}”), and ${modelName} has embeddings for ` +
          `${embeddings} tokens; where most texts do, its tokenizer.json is another model's`,
      );
    },
  };
}
