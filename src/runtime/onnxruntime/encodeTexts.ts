import { LensError } from '../../core/common/errors';
import { maximumLength } from '../models/modelConfig';
import type { ModelPackage } from '../models/modelPackage';
import { openTokenizer } from '../tokenizers/openTokenizer';
import { idsOf, type NamedArrays, type NumericArray } from './namedInputs';

/** A token as `activations --json` lists it: UTF-16 offsets into its text. */
export interface ListedToken {
  readonly id: number;
  readonly start: number;
  readonly end: number;
  readonly special: boolean;
  /** Present where it stands for text that the vocabulary does not have. */
  readonly unknown?: true;
}

/** Model inputs and the tokens behind them, a list for each row of the batch. */
export interface EncodedTexts {
  readonly inputs: NamedArrays;
  readonly tokens: readonly (readonly ListedToken[])[];
}

/**
 * Texts as one right-padded batch, each with the special tokens that the model wants around it.
 * @throws LensError `invalid-tokenizer` without a tokenizer, `usage` for a text without a token or longer than the model takes
 */
export async function encodeTexts(
  modelPackage: ModelPackage,
  texts: readonly string[],
): Promise<EncodedTexts> {
  if (modelPackage.tokenizerPath === null) {
    throw new LensError(
      'invalid-tokenizer',
      `No tokenizer.json lies beside ${modelPackage.id}. Put it there, or give token ids with --inputs.`,
    );
  }
  const tokenizer = await openTokenizer(modelPackage.tokenizerPath);
  const longest = maximumLength(modelPackage.config);
  const tokens: ListedToken[][] = [];
  for (const text of texts) {
    const { ids, starts, ends, special, unknown } = await tokenizer.tokenize(text);
    if (ids.length === 0) {
      throw new LensError('usage', 'There is no token in the text. Give one with words in it.');
    }
    const framed = (at: number) => (id: number) => ({ id, start: at, end: at, special: true });
    const row = [
      ...tokenizer.frame.before.map(framed(0)),
      ...Array.from(ids, (id, at) => ({
        id,
        start: starts[at] ?? 0,
        end: ends[at] ?? 0,
        special: special[at] === 1,
        ...(unknown[at] === 1 && { unknown: true as const }),
      })),
      ...tokenizer.frame.after.map(framed(text.length)),
    ];
    if (row.length > longest) {
      throw new LensError(
        'usage',
        `The text has ${row.length} tokens, and ${modelPackage.id} takes ${longest}. Give a shorter one.`,
      );
    }
    tokens.push(row);
  }
  return { inputs: paddedInputs(tokens), tokens };
}

/** The tokens of inputs that were given as ids, which have no text. */
export function tokensOfInputs(inputs: NamedArrays): EncodedTexts {
  const ids = idsOf(inputs, false);
  const width = ids?.dims[1] ?? 0;
  const tokens = Array.from({ length: ids?.dims[0] ?? 0 }, (_, row) =>
    (ids?.values ?? [])
      .slice(row * width, (row + 1) * width)
      .map((id) => ({ id, start: 0, end: 0, special: false })),
  );
  return { inputs, tokens };
}

function paddedInputs(tokens: readonly (readonly ListedToken[])[]): NamedArrays {
  const width = Math.max(...tokens.map((row) => row.length));
  const grid = (value: (token: ListedToken | undefined) => number): NumericArray => ({
    values: tokens.flatMap((row) => Array.from({ length: width }, (_, at) => value(row[at]))),
    dims: [tokens.length, width],
  });
  return new Map([
    ['input_ids', grid((token) => token?.id ?? 0)],
    ['attention_mask', grid((token) => Number(token !== undefined))],
  ]);
}
