import type { ExtremeSelection } from './extremeSelection';
import type { SampleSelection } from './sampleSelection';
import type { Distributions } from './siteSummary';
import type { WindowRows } from './windowRows';

/** The examples of every neuron of a site, but for the random ones that all share. */
export interface Selections {
  readonly top: ExtremeSelection;
  readonly bottom: ExtremeSelection;
  readonly samples: SampleSelection;
}

/** The names of the selections in the order in which places name them by number. */
export const SELECTIONS = ['top', 'bottom', 'samples'] as const satisfies readonly (keyof Selections)[];

/** Stored places whose right neighbours are still to come. */
export interface OpenPlaces {
  readonly count: number;
  /** For each place `neuron · 4 + number of the selection`, then the token: in turns. */
  readonly entries: Uint32Array;
}

/**
 * Reads windows of activations once, block by block, and brings a site's distributions and examples up to date with
 * them: in WebAssembly SIMD in the product (src/runtime/reduction), in plain TypeScript in the tests that compare the
 * two.
 */
export interface BlockReduction {
  readonly distributions: Distributions;
  readonly selections: Selections;
  /**
   * @param before [8 × neurons] the activations of the document's 8 tokens before the window, NaN where one is not in
   *   the population; null at the document's start.
   * @returns places near the window's end, where the document goes on; valid until the next call.
   */
  reduce(window: WindowRows, before: Float32Array | null): OpenPlaces;
  /** Gives the memory back; neither what is kept in it nor the reduction may be used afterwards. */
  release(): void;
}
