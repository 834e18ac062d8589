import type { Quantity } from '../onnx/site';
import type { Exclusion } from '../common/leftOut';

/** A token of the selection, in text order. Special tokens that the model added are not listed. */
export interface SelectionToken {
  /** UTF-16 offsets into `SelectionAnswer.text`, `[start, end)`. */
  readonly start: number;
  readonly end: number;
  /** Present where the token is outside the profile's population, and why. */
  readonly leftOut?: Exclusion | undefined;
}

/** How one neuron answers to the selection. */
export interface SelectionRow {
  readonly id: string;
  /** Index in `tokens` of the largest value. */
  readonly peak: number;
  /** The neuron's activation at the peak. */
  readonly value: number;
  /** Share of the background below `value`, in percent. */
  readonly percentile: number;
  /** [tokens] The neuron's activation at each token; null where the token is outside the population. */
  readonly values: readonly (number | null)[];
  /** The neuron's values in the profile: bars of one width. */
  readonly background: {
    readonly min: number;
    readonly max: number;
    readonly edges: readonly number[];
    readonly counts: readonly number[];
  };
}

/** Which neurons answer to a piece of text: `selection --json`, and what the selection page shows. */
export interface SelectionAnswer {
  /** Where the text comes from; null for a text given by itself, whose tokens have no context around them. */
  readonly source: {
    /** Path relative to the corpus root, else absolute; forward slashes. */
    readonly file: string;
    /** UTF-16 offsets into the file, `[start, end)`. */
    readonly start: number;
    readonly end: number;
    /** First and last line, counted from 1. */
    readonly firstLine: number;
    readonly lastLine: number;
  } | null;
  readonly text: string;
  readonly tokens: readonly SelectionToken[];
  /** Tokens of the selection beyond the limit that were not run. */
  readonly tokensLeftOut: number;
  readonly model: string;
  readonly quantity: Quantity;
  /** The profile that percentiles refer to. */
  readonly background: { readonly profile: string; readonly tokens: number };
  /** Neurons that were compared; `rows` are the first of them. */
  readonly neurons: number;
  /** By percentile of the peak, then by excess over the 99.9 % quantile; best first. */
  readonly rows: readonly SelectionRow[];
  readonly seconds: number;
}
