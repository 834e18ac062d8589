import type { ExtremeSelection } from './extremeSelection';
import type { SampleSelection } from './sampleSelection';
import type { Distributions } from './siteSummary';
import type { Stretch } from './stretch';

/** The examples of every neuron of a site, but for the random ones that all share. */
export interface Selections {
  readonly top: ExtremeSelection;
  readonly bottom: ExtremeSelection;
  readonly samples: SampleSelection;
}

/** The names of the selections in the order in which places name them by number. */
export const SELECTIONS = ['top', 'bottom', 'samples'] as const satisfies readonly (keyof Selections)[];

/** A stretch with what came before it. */
export interface EnteredStretch extends Stretch {
  /**
   * [8 × neurons] the activations of the document's 8 tokens before the stretch, NaN where one is not in the
   * population; null at the document's start.
   */
  readonly before: Float32Array | null;
}

/**
 * Stored places whose right neighbours are still to come: for each its document, `neuron · 4 + number of the
 * selection`, its token, and the slot (over all neurons) in which it stands now, in turns.
 */
export type OpenPlaces = readonly number[];

/**
 * Reads stretches of activations once, block by block, and brings a site's distributions and examples up to date with
 * them: in WebAssembly SIMD in the product (src/runtime/reduction), in plain TypeScript in the tests that compare the
 * two.
 */
export interface BlockReduction {
  readonly distributions: Distributions;
  readonly selections: Selections;
  /**
   * Begins to reduce, perhaps on another thread: until `finish`, neither the tensor nor what is kept may be touched.
   * @param stretches of different documents, all within one tensor.
   */
  start(stretches: readonly EnteredStretch[]): void;
  /** Waits until that is done. @returns places near the stretches' ends, where the documents go on. */
  finish(): OpenPlaces;
  /** Puts every neuron's examples in the order that `ExtremeSelection` and `SampleSelection` sort them in. */
  sortExamples(): void;
  /** Gives the memory back; neither what is kept in it nor the reduction may be used afterwards. */
  release(): void;
}
