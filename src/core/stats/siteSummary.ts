import type { Binning } from './binning';
import type { DistributionArrays } from './distributionColumns';

/** Runs of bins that share one store of sampled tokens. */
export const SUPER_BIN_COUNT = 16;
export const SAMPLES_PER_SUPER_BIN = 4;
/** Block extremes kept at either end. */
export const EXTREME_COUNT = 32;
/** Tokens of one window's owned range that share one extreme. */
export const BLOCK_LENGTH = 64;
/** Tokens of the population whose values are kept for all neurons. */
export const RANDOM_COUNT = 256;
/** Activations kept on either side of a stored example. */
export const CONTEXT_RADIUS = 8;
export const CONTEXT_LENGTH = 2 * CONTEXT_RADIUS + 1;
/** In `document`, marks a slot that holds nothing. */
export const EMPTY_SLOT = 0xffffffff;

/**
 * Example places of all neurons of a site: `slots` a neuron, row-major by neuron.
 * `document` numbers the rows of the segment's document table, which is sorted by document key;
 * `token` counts from 0 within the document.
 */
export interface ExampleStore {
  readonly slots: number;
  /** [neurons × slots] */
  readonly value: Float32Array;
  readonly document: Uint32Array;
  readonly token: Uint32Array;
  /**
   * [neurons × slots × 17] float16 bits: the neuron's activation at the 8 tokens before, the token, the 8 after.
   * NaN where the document has no such token or the token is outside the population.
   */
  readonly context: Uint16Array;
}

/** Slot `4·s + r` holds the token of the r-th lowest hash among those whose value fell into super-bin s. */
export interface SampleStore extends ExampleStore {
  /** [neurons × slots], seeded token hashes (tokenHash.ts), by which stores merge. */
  readonly hash: Uint32Array;
}

/** One shared set of random tokens of the population, with the values of every neuron there. */
export interface RandomPlaces {
  /** Tokens in use, at most 256: those of lowest seeded hash, ascending. */
  readonly count: number;
  readonly hash: Uint32Array;
  readonly document: Uint32Array;
  readonly token: Uint32Array;
  /** [neurons × 256]; NaN where the neuron's value was not finite. */
  readonly value: Float32Array;
}

/** How the values of each neuron of a site are distributed: one column per statistic, one entry per neuron. */
export interface Distributions extends DistributionArrays {
  readonly neurons: number;
  /** What `exponent` and `bins` mean. */
  readonly binning: Binning;
}

/**
 * The exact, mergeable summary of one quantity of one FFN over some tokens: everything that docs/methods.md stores.
 */
export interface SiteSummary extends Distributions {
  /** 32 largest block maxima, best first: value, then document key, then token. */
  readonly top: ExampleStore;
  /** 32 smallest block minima, lowest first. */
  readonly bottom: ExampleStore;
  /** 16 super-bins × the 4 tokens of lowest seeded hash in each. */
  readonly samples: SampleStore;
  readonly random: RandomPlaces;
}

/** The summary of one neuron: small arrays, so that a page is built from a few range reads. */
export type NeuronSummary = SiteSummary & { readonly neurons: 1 };

/** Positions that were run and left out of the population, by reason. */
export interface ExcludedCounts {
  special: number;
  pad: number;
  firstPosition: number;
  sink: number;
}
