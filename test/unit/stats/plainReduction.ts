import {
  type BlockReduction,
  type EnteredStretch,
  type OpenPlaces,
  SELECTIONS,
  type Selections,
} from '../../../src/core/stats/blockReduction';
import { createDistributions } from '../../../src/core/stats/distributions';
import { clearSlots, copySlot } from '../../../src/core/stats/exampleStore';
import { createExtremeColumns, ExtremeSelection } from '../../../src/core/stats/extremeSelection';
import { toFloat16 } from '../../../src/core/stats/float16';
import { addMoments, type Moments } from '../../../src/core/stats/moments';
import { octaveBins } from '../../../src/core/stats/octaveBins';
import { createSampleStore, SampleSelection } from '../../../src/core/stats/sampleSelection';
import {
  BLOCK_LENGTH,
  CONTEXT_LENGTH,
  CONTEXT_RADIUS,
  type Distributions,
} from '../../../src/core/stats/siteSummary';

/** The finite values of one neuron in a block. */
interface Column {
  readonly neuron: number;
  readonly length: number;
  readonly values: Float32Array;
  /** The token of each value, counted from the stretch's first. */
  readonly indexes: Uint32Array;
}

/**
 * The reduction in plain TypeScript, block by block and neuron by neuron: what the SIMD kernel is compared with, and
 * read beside.
 */
export class PlainReduction implements BlockReduction {
  readonly distributions: Distributions;
  readonly selections: Selections;
  private readonly values = new Float32Array(BLOCK_LENGTH);
  private readonly indexes = new Uint32Array(BLOCK_LENGTH);
  private readonly single = new Float32Array(1);
  private readonly singleBits = new Uint32Array(this.single.buffer);
  private open: number[] = [];
  private stretch!: EnteredStretch;

  constructor(private readonly neurons: number) {
    this.distributions = createDistributions(neurons);
    this.selections = {
      top: new ExtremeSelection(1, createExtremeColumns(neurons)),
      bottom: new ExtremeSelection(-1, createExtremeColumns(neurons)),
      samples: new SampleSelection(createSampleStore(neurons)),
    };
  }

  start(stretches: readonly EnteredStretch[]): void {
    this.open = [];
    for (const stretch of stretches) {
      this.stretch = stretch;
      let start = 0;
      for (const length of stretch.windows) {
        this.reduceWindow(start, start + length);
        start += length;
      }
    }
  }

  finish(): OpenPlaces {
    return this.open;
  }

  private reduceWindow(start: number, end: number): void {
    for (let first = start; first < end; first += BLOCK_LENGTH) {
      for (let neuron = 0; neuron < this.neurons; neuron++) {
        const column = this.columnOf(neuron, first, Math.min(first + BLOCK_LENGTH, end));
        if (column.length > 0) this.reduceColumn(column);
      }
    }
  }

  sortExamples(): void {
    for (const selection of Object.values<{ sorted(): unknown }>({ ...this.selections })) selection.sorted();
  }

  release(): void {
    // Garbage collection takes what was kept.
  }

  private columnOf(neuron: number, first: number, end: number): Column {
    const { values, rowOf } = this.stretch;
    let length = 0;
    for (let index = first; index < end; index++) {
      if (rowOf[index]! < 0) continue;
      const value = values[rowOf[index]! * this.neurons + neuron]!;
      this.values[length] = value;
      this.indexes[length] = index;
      if (Number.isFinite(value)) length++;
      else this.distributions.nonFinite[neuron]!++;
    }
    return { neuron, length, values: this.values, indexes: this.indexes };
  }

  private reduceColumn(column: Column): void {
    const { neuron, length, values, indexes } = column;
    const state = this.distributions;
    const shift = state.count[neuron] === 0 ? values[0]! : state.mean[neuron]!;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    let s4 = 0;
    let least = 0;
    let most = 0;
    for (let i = 0; i < length; i++) {
      const value = values[i]!;
      const deviation = value - shift;
      const square = deviation * deviation;
      s1 += deviation;
      s2 += square;
      s3 += square * deviation;
      s4 += square * square;
      state.absoluteSum[neuron]! += Math.abs(value);
      if (value > 0) state.positive[neuron]!++;
      if (value < values[least]!) least = i;
      if (value > values[most]!) most = i;
    }
    addPowerSums(state, neuron, length, shift, s1, s2, s3, s4);
    // Adding 0 turns −0 into 0, so that which of the two came first leaves no trace.
    state.min[neuron] = Math.min(state.min[neuron]!, values[least]! + 0);
    state.max[neuron] = Math.max(state.max[neuron]!, values[most]! + 0);
    this.insertExtreme('top', neuron, values[most]!, indexes[most]!);
    this.insertExtreme('bottom', neuron, values[least]!, indexes[least]!);
    this.widen(neuron, values[least]!, values[most]!);
    this.fillBins(column);
  }

  private fillBins({ neuron, length, values, indexes }: Column): void {
    const { bins, exponent } = this.distributions;
    const { document, firstToken, hashes } = this.stretch;
    for (let i = 0; i < length; i++) {
      const value = values[i]!;
      const bin = octaveBins.binOf(value, exponent[neuron]!);
      bins[neuron * octaveBins.binCount + bin]!++;
      const hash = hashes[indexes[i]!]!;
      const token = firstToken + indexes[i]!;
      const slot = this.selections.samples.insert(
        neuron,
        octaveBins.superBinOf(bin),
        hash,
        value,
        document,
        token,
      );
      if (slot >= 0) this.complete('samples', neuron, slot, indexes[i]!);
    }
  }

  private insertExtreme(selection: 'top' | 'bottom', neuron: number, value: number, index: number): void {
    const { document, firstToken } = this.stretch;
    const slot = this.selections[selection].insert(neuron, value, document, firstToken + index);
    if (slot >= 0) this.complete(selection, neuron, slot, index);
  }

  /** Fills a place's context, and lists it where its right neighbours are still to come. */
  private complete(selection: keyof Selections, neuron: number, slot: number, index: number): void {
    const { context } = this.selections[selection].store;
    for (let i = 0; i < CONTEXT_LENGTH; i++) {
      this.single[0] = this.activation(index + i - CONTEXT_RADIUS, neuron);
      context[slot * CONTEXT_LENGTH + i] = toFloat16(this.singleBits[0]!);
    }
    const { document, rowOf, firstToken, endsDocument } = this.stretch;
    if (endsDocument || index + CONTEXT_RADIUS < rowOf.length) return;
    this.open.push(document, neuron * 4 + SELECTIONS.indexOf(selection), firstToken + index, slot);
  }

  /** @returns NaN where none is known. */
  private activation(index: number, neuron: number): number {
    const { values, rowOf, before } = this.stretch;
    if (index < 0) return before ? before[(CONTEXT_RADIUS + index) * this.neurons + neuron]! : NaN;
    const row = rowOf[index] ?? -1;
    return row < 0 ? NaN : values[row * this.neurons + neuron]!;
  }

  private widen(neuron: number, min: number, max: number): void {
    const { exponent, bins } = this.distributions;
    const largest = Math.max(-min, max);
    const fitting = Math.max(exponent[neuron]!, largest > 0 ? Math.floor(Math.log2(largest)) : -Infinity);
    if (fitting === exponent[neuron]) return;
    const octaves = fitting - exponent[neuron]!;
    foldBins(bins, neuron * octaveBins.binCount, octaves);
    this.foldSamples(neuron, octaves);
    exponent[neuron] = fitting;
  }

  private foldSamples(neuron: number, octaves: number): void {
    const { samples } = this.selections;
    const { store } = samples;
    const old = createSampleStore(1);
    for (let slot = 0; slot < store.slots; slot++) {
      copySlot(store, neuron * store.slots + slot, old, slot);
      old.hash[slot] = store.hash[neuron * store.slots + slot]!;
    }
    clearSlots(store, neuron * store.slots, (neuron + 1) * store.slots);
    store.hash.fill(0, neuron * store.slots, (neuron + 1) * store.slots);
    const sameNumbers = Uint32Array.from({ length: this.stretch.document + 1000 }, (_, number) => number);
    samples.insertAll(neuron, old, 0, octaves, sameNumbers);
  }
}

/** Makes room for larger values in the bins that begin at `start`. */
function foldBins(bins: Uint32Array, start: number, octaves: number): void {
  const old = bins.slice(start, start + octaveBins.binCount);
  bins.fill(0, start, start + octaveBins.binCount);
  for (let bin = 0; bin < octaveBins.binCount; bin++) {
    const count = old[bin]!;
    if (count > 0) bins[start + octaveBins.foldedBin(bin, octaves)]! += count;
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
