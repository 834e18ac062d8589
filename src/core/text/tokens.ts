/** The tokens of one text without the special tokens that a model wraps around it. Columns of equal length. */
export interface TokenizedText {
  readonly ids: Uint32Array;
  /** UTF-16 offsets into the text, `[start, end)`; zero-width and byte-fallback pieces keep an honest range. */
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  /** 1 where the id is a special token that the text itself spelled out. */
  readonly special: Uint8Array;
  /** 1 where the id stands for text that the vocabulary does not have, such as [UNK]. */
  readonly unknown: Uint8Array;
}

/** Ids that the model wants around every window, such as [CLS] … [SEP] or a leading BOS. */
export interface WindowFrame {
  readonly before: readonly number[];
  readonly after: readonly number[];
}
