import type { FfnSite, Quantity } from './site';

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
  /** Whether the rows of a batch must be of one length, as padding would reach the values of their tokens. */
  readonly equalLengths: boolean;
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
