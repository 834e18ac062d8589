import { START_EXPONENT } from './dyadicHistogram';
import { NO_LIMIT } from './sampleSelection';
import { BIN_COUNT, BLOCK_LENGTH, SUPER_BIN_COUNT, type Distributions } from './siteSummary';

/** What is kept of every neuron of a site while it is reduced, one column per statistic. */
export interface ReductionState extends Distributions {
  /** [neurons] a block's maximum that reaches this may be among the largest kept. */
  readonly topThreshold: Float32Array;
  /** [neurons] a block's minimum that reaches down to this may be among the smallest kept. */
  readonly bottomThreshold: Float32Array;
  /** [neurons × 16] a token whose hash is not above this may be sampled in the super-bin; pairs up with the bins. */
  readonly sampleLimit: Uint32Array;
}

/** A list that a reduction refills at every block: `neuron · 64 + index of the row within the block`. */
export interface CandidateList {
  readonly entries: Uint32Array;
  readonly count: number;
}

/**
 * Reads blocks of activations once and brings the state up to date with them: in WebAssembly SIMD in the product
 * (src/runtime/reduction), in plain TypeScript in the tests that compare the two.
 */
export interface BlockReduction {
  readonly state: ReductionState;
  readonly top: CandidateList;
  readonly bottom: CandidateList;
  /** Places that may belong into a sample. */
  readonly sample: CandidateList;
  /**
   * @param values [rows × neurons] row-major.
   * @param rows [length] the rows of the block's tokens, at most 64.
   * @param hashes [length] their hashes.
   */
  reduce(values: Float32Array, rows: Int32Array, hashes: Uint32Array, length: number): void;
  /** Gives the state's memory back; neither it nor the reduction may be used afterwards. */
  release(): void;
}

/** The state of a site that has seen no token. */
export function createReductionState(neurons: number): ReductionState {
  const float64 = () => new Float64Array(neurons);
  const state: ReductionState = {
    neurons,
    count: float64(),
    nonFinite: float64(),
    positive: float64(),
    absoluteSum: float64(),
    mean: float64(),
    m2: float64(),
    m3: float64(),
    m4: float64(),
    min: new Float32Array(neurons),
    max: new Float32Array(neurons),
    exponent: new Int16Array(neurons),
    bins: new Uint32Array(neurons * BIN_COUNT),
    topThreshold: new Float32Array(neurons),
    bottomThreshold: new Float32Array(neurons),
    sampleLimit: new Uint32Array(neurons * SUPER_BIN_COUNT),
  };
  clearReductionState(state);
  return state;
}

/** Makes a state forget all that it has seen. */
export function clearReductionState(state: ReductionState): void {
  const { count, nonFinite, positive, absoluteSum, mean, m2, m3, m4, bins } = state;
  for (const sum of [count, nonFinite, positive, absoluteSum, mean, m2, m3, m4, bins]) sum.fill(0);
  state.min.fill(Infinity);
  state.max.fill(-Infinity);
  state.exponent.fill(START_EXPONENT);
  state.topThreshold.fill(-Infinity);
  state.bottomThreshold.fill(Infinity);
  state.sampleLimit.fill(NO_LIMIT);
}

/** The state without what only the reduction needs; it shares its arrays. */
export function distributionsOf(state: ReductionState): Distributions {
  const { neurons, count, nonFinite, positive, absoluteSum, mean, m2, m3, m4, min, max, exponent, bins } =
    state;
  return { neurons, count, nonFinite, positive, absoluteSum, mean, m2, m3, m4, min, max, exponent, bins };
}

/** A row of a block takes 6 bits. */
const ROW_BITS = 6;

/** The neuron of a candidate, and the index of its row within the block. */
export function candidateOf(entry: number): { neuron: number; row: number } {
  return { neuron: entry >>> ROW_BITS, row: entry & (BLOCK_LENGTH - 1) };
}
