import { Tokenizer as NativeTokenizer } from 'tokenizers';

/** What a tokenizer makes of a text. Columns of equal length. */
export interface RawEncoding {
  readonly ids: readonly number[];
  /** `[start, end)` in code points. */
  readonly offsets: readonly (readonly number[])[];
  /** 1 where a token was put around the text. */
  readonly added: readonly number[];
}

/** Makes tokens, in this process or in another one. */
export interface Encoder {
  /**
   * @param addSpecialTokens puts around the text what the model wants there
   * @throws whatever the library says; UnfitText for a text that it was stopped at
   */
  encode(text: string, addSpecialTokens: boolean): Promise<RawEncoding>;
  pieceOf(id: number): string;
}

/** Opens a tokenizer.json whose every part is known to be harmless in this process. @throws whatever the library says */
export function openEncoder(json: string): Encoder {
  const native = NativeTokenizer.fromString(json);
  native.disableTruncation();
  native.disablePadding();
  return {
    encode: async (text, addSpecialTokens) => {
      const encoding = await native.encode(text, null, { addSpecialTokens });
      return {
        ids: encoding.getIds(),
        offsets: encoding.getOffsets(),
        added: encoding.getSpecialTokensMask(),
      };
    },
    pieceOf: (id) => native.idToToken(id) ?? '',
  };
}
