import type { PromptToken } from '../protocol/ablationQuestionSchema';
import type { PromptRequest } from '../protocol/engine';

/**
 * The tokens of a prompt as a model is given them, by the tokenizer's own configuration.
 * @throws LensError `usage` for a text without a token, `invalid-tokenizer` without a tokenizer
 */
export async function promptTokens(
  { model, dtype, text }: PromptRequest,
  embeddedModel: string,
): Promise<PromptToken[]> {
  const [{ requireTokenizer, resolveModelPackage }, { openTokenizer }, { listTokens }] = await Promise.all([
    import('../runtime/models/modelPackage'),
    import('../runtime/tokenizers/openTokenizer'),
    import('../runtime/onnxruntime/encodeTexts'),
  ]);
  const modelPackage = await resolveModelPackage(model, {
    embeddedModel,
    ...(dtype !== undefined && { dtype }),
  });
  const tokenizer = await openTokenizer(requireTokenizer(modelPackage));
  const [tokens = []] = await listTokens(tokenizer, [text]);
  return tokens.map(({ id, start, end, special }) => ({
    ...{ id, start, end, special },
    piece: tokenizer.pieceOf(id),
  }));
}
