import {
  type BlockReduction,
  createReductionState,
  type ReductionState,
} from '../../../src/core/stats/blockReduction';
import { pairedBin, ZERO_BIN } from '../../../src/core/stats/dyadicHistogram';
import { addMoments, type Moments } from '../../../src/core/stats/moments';
import { NO_LIMIT } from '../../../src/core/stats/sampleSelection';
import { BIN_COUNT, BLOCK_LENGTH, SUPER_BIN_COUNT } from '../../../src/core/stats/siteSummary';

interface CandidateArray {
  readonly entries: Uint32Array;
  count: number;
}

/** Neurons whose columns are turned into rows at a time: as many float32 as a cache line holds. */
const TILE_WIDTH = 16;

/**
 * The reduction in plain TypeScript, sixteen neurons at a time, each down its rows: what the SIMD kernel is compared
 * with, and read beside.
 */
export class PlainReduction implements BlockReduction {
  readonly state: ReductionState;
  readonly top: CandidateArray;
  readonly bottom: CandidateArray;
  readonly sample: CandidateArray;
  /** [16 × 64] the block's values, by neuron. */
  private readonly tile = new Float32Array(TILE_WIDTH * BLOCK_LENGTH);
  private readonly finiteHashes = new Uint32Array(BLOCK_LENGTH);
  private readonly finiteRows = new Uint8Array(BLOCK_LENGTH);

  constructor(neurons: number) {
    this.state = createReductionState(neurons);
    this.top = createCandidates(neurons);
    this.bottom = createCandidates(neurons);
    this.sample = createCandidates(neurons * BLOCK_LENGTH);
  }

  reduce(values: Float32Array, rows: Int32Array, hashes: Uint32Array, length: number): void {
    const { neurons } = this.state;
    this.top.count = this.bottom.count = this.sample.count = 0;
    for (let first = 0; first < neurons; first += TILE_WIDTH) {
      const width = Math.min(TILE_WIDTH, neurons - first);
      for (let row = 0; row < length; row++) {
        const start = rows[row]! * neurons + first;
        for (let i = 0; i < width; i++) this.tile[i * BLOCK_LENGTH + row] = values[start + i]!;
      }
      for (let i = 0; i < width; i++) {
        this.reduceColumn(first + i, this.tile.subarray(i * BLOCK_LENGTH), hashes, length, IDENTITY);
      }
    }
  }

  release(): void {
    // Garbage collection takes the state.
  }

  private reduceColumn(
    neuron: number,
    column: Float32Array,
    hashes: Uint32Array,
    length: number,
    rows: Uint8Array,
  ): void {
    const state = this.state;
    const shift = state.count[neuron] === 0 ? column[0]! : state.mean[neuron]!;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    let s4 = 0;
    let absolute = 0;
    let zeros = 0;
    let min = Infinity;
    let max = -Infinity;
    for (let i = 0; i < length; i++) {
      const value = column[i]!;
      const deviation = value - shift;
      const square = deviation * deviation;
      s1 += deviation;
      s2 += square;
      s3 += square * deviation;
      s4 += square * square;
      absolute += Math.abs(value);
      if (value === 0) zeros++;
      if (value < min) min = value;
      if (value > max) max = value;
    }
    // The fourth power of a float32 fits a float64, so the sum is finite exactly when all values are.
    if (!(s4 < Infinity)) {
      this.reduceFiniteOf(neuron, column, hashes, length);
      return;
    }
    addPowerSums(state, neuron, length, shift, s1, s2, s3, s4);
    state.absoluteSum[neuron]! += absolute;
    // Adding 0 turns −0 into 0, so that which of the two came first leaves no trace.
    if (min < state.min[neuron]!) state.min[neuron] = min + 0;
    if (max > state.max[neuron]!) state.max[neuron] = max + 0;
    this.widen(neuron, min, max);
    state.positive[neuron]! += this.fillBins(neuron, column, hashes, length, rows) - zeros;
    if (max >= state.topThreshold[neuron]!) {
      this.top.entries[this.top.count++] = candidate(neuron, rows[column.indexOf(max)]!);
    }
    if (min <= state.bottomThreshold[neuron]!) {
      this.bottom.entries[this.bottom.count++] = candidate(neuron, rows[column.indexOf(min)]!);
    }
  }

  private reduceFiniteOf(neuron: number, column: Float32Array, hashes: Uint32Array, length: number): void {
    let kept = 0;
    for (let row = 0; row < length; row++) {
      if (!Number.isFinite(column[row])) continue;
      column[kept] = column[row]!;
      this.finiteHashes[kept] = hashes[row]!;
      this.finiteRows[kept++] = row;
    }
    this.state.nonFinite[neuron]! += length - kept;
    if (kept > 0) this.reduceColumn(neuron, column, this.finiteHashes, kept, this.finiteRows);
  }

  /** @returns how many values lie in bins from 0 up. */
  private fillBins(
    neuron: number,
    column: Float32Array,
    hashes: Uint32Array,
    length: number,
    rows: Uint8Array,
  ): number {
    const { bins, sampleLimit, exponent } = this.state;
    const scale = 2 ** -exponent[neuron]!;
    const firstBin = neuron * BIN_COUNT;
    const firstLimit = neuron * SUPER_BIN_COUNT;
    let notNegative = 0;
    for (let i = 0; i < length; i++) {
      const bin = Math.floor(column[i]! * scale) + ZERO_BIN;
      bins[firstBin + bin]!++;
      notNegative += bin >> 7;
      if (hashes[i]! <= sampleLimit[firstLimit + (bin >> 4)]!) {
        this.sample.entries[this.sample.count++] = candidate(neuron, rows[i]!);
      }
    }
    return notNegative;
  }

  private widen(neuron: number, min: number, max: number): void {
    const { exponent, bins, sampleLimit } = this.state;
    const fitting = fittingExponent(exponent[neuron]!, min, max);
    if (fitting === exponent[neuron]) return;
    const doublings = fitting - exponent[neuron]!;
    pairUpBins(bins, neuron * BIN_COUNT, doublings);
    pairUpLimits(sampleLimit, neuron * SUPER_BIN_COUNT, doublings);
    exponent[neuron] = fitting;
  }
}

const IDENTITY = Uint8Array.from({ length: BLOCK_LENGTH }, (_, row) => row);

function createCandidates(capacity: number): CandidateArray {
  return { entries: new Uint32Array(capacity), count: 0 };
}

/** Packs a candidate as BlockReduction lists it. */
function candidate(neuron: number, row: number): number {
  return neuron * BLOCK_LENGTH + row;
}

/** The smallest exponent, from `exponent` up, at which both values have a bin. */
function fittingExponent(exponent: number, min: number, max: number): number {
  let fitting = exponent;
  while (min < -ZERO_BIN * 2 ** fitting || max >= ZERO_BIN * 2 ** fitting) fitting++;
  return fitting;
}

/**
 * Doubles the width of the 16 super-bins whose limits begin at `start`. The 4 lowest hashes of two super-bins together
 * lie under either one's limit, so the lower of both holds until the samples themselves have been paired up.
 */
function pairUpLimits(limits: Uint32Array, start: number, doublings: number): void {
  const old = limits.slice(start, start + SUPER_BIN_COUNT);
  limits.fill(NO_LIMIT, start, start + SUPER_BIN_COUNT);
  old.forEach((limit, superBin) => {
    const paired = start + pairedBin(superBin, doublings, SUPER_BIN_COUNT / 2);
    limits[paired] = Math.min(limits[paired]!, limit);
  });
}

/** Doubles the bin width of the 256 bins that begin at `start`, `doublings` times. */
function pairUpBins(bins: Uint32Array, start: number, doublings: number): void {
  const old = bins.slice(start, start + BIN_COUNT);
  bins.fill(0, start, start + BIN_COUNT);
  for (let bin = 0; bin < BIN_COUNT; bin++) {
    const count = old[bin]!;
    if (count > 0) bins[start + pairedBin(bin, doublings, ZERO_BIN)]! += count;
  }
}

/** Adds moments from the sums of the first four powers of the deviations from `shift`. */
function addPowerSums(
  to: Moments,
  neuron: number,
  count: number,
  shift: number,
  s1: number,
  s2: number,
  s3: number,
  s4: number,
): void {
  const offset = s1 / count;
  addMoments(
    to,
    neuron,
    count,
    shift + offset,
    Math.max(0, s2 - s1 * offset),
    s3 - offset * (3 * s2 - 2 * s1 * offset),
    Math.max(0, s4 - offset * (4 * s3 - offset * (6 * s2 - 3 * s1 * offset))),
  );
}
