import type { FfnSite, Quantity } from '../onnx/site';
import type { CorpusFile, SkippedFiles, SourceDocument } from '../text/document';
import type { TokenizedText, WindowFrame } from '../text/tokens';

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

/** Right-padded windows to be run at once. */
export interface TokenBatch {
  /** B */
  readonly rows: number;
  /** T, of the longest row. */
  readonly width: number;
  /** [B × T], row-major; any id at padded positions. */
  readonly ids: Uint32Array;
  /** [B], tokens of each row that are not padding. */
  readonly lengths: Uint32Array;
}

/** One exposed tensor of a batch. */
export interface SiteActivations {
  readonly site: FfnSite;
  readonly quantity: Quantity;
  /** [rows × dFf], row-major. Valid only until the next `run`. */
  readonly values: Float32Array;
  /**
   * For an expert: the flat position b·T + t of each row, as only the tokens routed to it have one.
   * Null where row r is position r, that is rows = B·T.
   */
  readonly positions: Uint32Array | null;
}

/** A model with some of its FFN tensors exposed and nothing run after the last of them. */
export interface ActivationModel {
  /** What `run` gives, in this order. */
  readonly outputs: readonly { readonly site: FfnSite; readonly quantity: Quantity }[];
  /** Every site of the model, exposed or not. */
  readonly sites: readonly FfnSite[];
  readonly causal: boolean;
  /** Longest window that the model takes, special tokens included. */
  readonly maximumLength: number;
  /** Most rows a batch may have: 1 where a row's activations depend on its batch-mates (dynamic int8). */
  readonly maximumRows: number;
  /** Rows of the token embedding: every id must be below it. Absent where the graph does not tell. */
  readonly vocabularySize?: number;
  readonly identity: {
    readonly id: string;
    readonly file: string;
    readonly sha256: string;
    readonly dtype: string;
    readonly opset: number;
  };
  run(batch: TokenBatch): Promise<readonly SiteActivations[]>;
  dispose(): Promise<void>;
}

/** The texts of a run, read as they are needed: never all in memory. */
export interface Corpus {
  /** Absolute path that `file` names are relative to. */
  readonly root: string;
  /** What will be read, in the order of their documents' keys. */
  readonly files: readonly { readonly file: string; readonly bytes: number }[];
  /** Documents in key order. A file that vanishes or turns out binary half-way lands in `skipped`. */
  documents(signal: AbortSignal): AsyncIterable<SourceDocument>;
  /** Files read to their end so far, with their hashes; whole once `documents` has ended. */
  readonly read: readonly CorpusFile[];
  readonly skipped: SkippedFiles;
}

/** A folder of files as profiles are stored in one. Names are relative to it, with forward slashes. */
export interface FileStore {
  /** @returns null when there is no such file. */
  size(name: string): Promise<number | null>;
  read(name: string, offset: number, length: number): Promise<Uint8Array>;
  readAll(name: string): Promise<Uint8Array>;
  /** Names of all files below a folder, in code-unit order; none when there is no such folder. `''` is the store itself. */
  list(folder: string): Promise<readonly string[]>;
  /** Whole or not at all: written under a temporary name, flushed, renamed. */
  write(name: string, chunks: Iterable<Uint8Array>): Promise<void>;
  /** Of a file or a folder; a file at `to` is replaced. */
  rename(from: string, to: string): Promise<void>;
  /** A file, or a folder with all that is in it; nothing when there is none. */
  remove(name: string): Promise<void>;
}
