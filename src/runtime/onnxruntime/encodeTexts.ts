import { LensError } from '../../core/common/errors';
import type { TokenBatch } from '../../core/onnx/activationModel';
import type { ModelPackage } from '../models/modelPackage';
import type { Tokenizer } from '../../core/text/tokenizer';
import { openTokenizer } from '../tokenizers/openTokenizer';
import { idsOf, type NamedArrays } from './namedInputs';
import type { OnnxActivationModel } from './onnxActivationModel';

/** A token as `activations --json` lists it: UTF-16 offsets into its text. */
export interface ListedToken {
  readonly id: number;
  readonly start: number;
  readonly end: number;
  readonly special: boolean;
  /** Present where it stands for text that the vocabulary does not have. */
  readonly unknown?: true;
}

/**
 * The tokens of texts, each with the special tokens that the model wants around it.
 * @throws LensError `invalid-tokenizer` without a tokenizer, `usage` for a text without a token
 */
export async function encodeTexts(
  modelPackage: ModelPackage,
  texts: readonly string[],
): Promise<ListedToken[][]> {
  if (modelPackage.tokenizerPath === null) {
    throw new LensError(
      'invalid-tokenizer',
      `No tokenizer.json lies beside ${modelPackage.id}. Put it there, or give token ids with --inputs.`,
    );
  }
  return listTokens(await openTokenizer(modelPackage.tokenizerPath), texts);
}

/**
 * The tokens of texts, each with the special tokens that the tokenizer puts around it.
 * @throws LensError `usage` for a text without a token
 */
export async function listTokens(tokenizer: Tokenizer, texts: readonly string[]): Promise<ListedToken[][]> {
  const tokens: ListedToken[][] = [];
  for (const text of texts) {
    const { ids, starts, ends, special, unknown } = await tokenizer.tokenize(text);
    if (ids.length === 0) {
      throw new LensError('usage', 'There is no token in the text. Give one with words in it.');
    }
    const framed = (at: number) => (id: number) => ({ id, start: at, end: at, special: true });
    tokens.push([
      ...tokenizer.frame.before.map(framed(0)),
      ...Array.from(ids, (id, at) => ({
        id,
        start: starts[at] ?? 0,
        end: ends[at] ?? 0,
        special: special[at] === 1,
        ...(unknown[at] === 1 && { unknown: true as const }),
      })),
      ...tokenizer.frame.after.map(framed(text.length)),
    ]);
  }
  return tokens;
}

/** The tokens of inputs that were given as ids, which have no text. */
export function tokensOfInputs(inputs: NamedArrays): ListedToken[][] {
  const ids = idsOf(inputs, false);
  const width = ids?.dims[1] ?? 0;
  return Array.from({ length: ids?.dims[0] ?? 0 }, (_, row) =>
    (ids?.values ?? [])
      .slice(row * width, (row + 1) * width)
      .map((id) => ({ id, start: 0, end: 0, special: false })),
  );
}

/**
 * One text as a batch of its own.
 * @throws LensError `usage` where the model cannot take it: too many tokens, or one that it does not know
 */
export function batchOfText(
  tokens: readonly ListedToken[],
  { identity, maximumLength, vocabularySize }: OnnxActivationModel,
): TokenBatch {
  if (tokens.length > maximumLength) {
    throw new LensError(
      'usage',
      `The text has ${tokens.length} tokens, and ${identity.id} takes ${maximumLength}. Give a shorter one.`,
    );
  }
  const unknown = tokens.find(({ id }) => id >= (vocabularySize ?? Infinity));
  if (unknown) {
    throw new LensError(
      'usage',
      `The text holds token ${unknown.id}, and ${identity.id} has embeddings for ${vocabularySize} tokens. ` +
        "Leave it out of the text, or put the model's own tokenizer.json beside it.",
    );
  }
  const ids = Uint32Array.from(tokens, ({ id }) => id);
  return { rows: 1, width: ids.length, ids, lengths: Uint32Array.of(ids.length) };
}
