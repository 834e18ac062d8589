import { candidateOf, distributionsOf, type BlockReduction, type CandidateList } from './blockReduction';
import { binOf } from './dyadicHistogram';
import { ExtremeSelection } from './extremeSelection';
import { OpenDocuments } from './openDocuments';
import { RandomSelection } from './randomSelection';
import { SampleSelection } from './sampleSelection';
import { BLOCK_LENGTH, type SiteSummary } from './siteSummary';
import type { WindowRows } from './windowRows';

/** Sums one quantity of one site up, window by window (docs/methods.md, Statistics and Examples). */
export interface SiteAccumulator {
  /**
   * Adds the tokens that a window owns. Windows of one document come in order; other documents' may come between.
   * In which order documents and batches come changes nothing but the last bits of the moments.
   */
  add(window: WindowRows): void;
  /**
   * The summary of what was added so far. It shares its arrays with the accumulator: write or copy it before the
   * next `add`.
   */
  summary(): SiteSummary;
  /** Gives memory back to the next accumulator; neither this one nor its summaries may be used afterwards. */
  release(): void;
}

const TOP = 0;
const BOTTOM = 1;
const SAMPLES = 2;

/** @param reduction what reads the activations; its state must be new. */
export function createSiteAccumulator(reduction: BlockReduction): SiteAccumulator {
  return new Accumulator(reduction);
}

class Accumulator implements SiteAccumulator {
  private readonly top: ExtremeSelection;
  private readonly bottom: ExtremeSelection;
  private readonly samples: SampleSelection;
  private readonly random: RandomSelection;
  private readonly documents: OpenDocuments;
  /** The block's tokens of the population: row in the tensor, hash, index within the window's owned tokens. */
  private readonly rows = new Int32Array(BLOCK_LENGTH);
  private readonly hashes = new Uint32Array(BLOCK_LENGTH);
  private readonly indexes = new Uint32Array(BLOCK_LENGTH);

  private readonly neurons: number;

  constructor(private readonly reduction: BlockReduction) {
    const { state } = reduction;
    const { neurons } = state;
    this.neurons = neurons;
    this.top = new ExtremeSelection(neurons, 1, state.topThreshold);
    this.bottom = new ExtremeSelection(neurons, -1, state.bottomThreshold);
    this.samples = new SampleSelection(neurons, state.sampleLimit);
    this.random = new RandomSelection(neurons);
    this.documents = new OpenDocuments(neurons, [this.top.store, this.bottom.store, this.samples.store]);
  }

  add(window: WindowRows): void {
    this.documents.enter(window);
    for (let first = 0; first < window.tokenCount; first += BLOCK_LENGTH) {
      const length = this.collectBlock(window, first);
      if (length === 0) continue;
      this.reduction.reduce(window.values, this.rows, this.hashes, length);
      this.insertExtremes(this.top, TOP, this.reduction.top, window);
      this.insertExtremes(this.bottom, BOTTOM, this.reduction.bottom, window);
      this.insertSamples(window);
      this.insertRandom(window, length);
    }
    this.documents.leave();
  }

  summary(): SiteSummary {
    const { exponent } = this.reduction.state;
    for (let neuron = 0; neuron < this.neurons; neuron++) this.samples.fit(neuron, exponent[neuron]!);
    return {
      ...distributionsOf(this.reduction.state),
      top: this.top.sorted(),
      bottom: this.bottom.sorted(),
      samples: this.samples.sorted(),
      random: this.random.places(),
    };
  }

  release(): void {
    this.reduction.release();
  }

  /** @returns how many of up to 64 consecutive owned tokens are in the population. */
  private collectBlock({ rowOf, hashes, tokenCount }: WindowRows, first: number): number {
    const end = Math.min(first + BLOCK_LENGTH, tokenCount);
    let length = 0;
    for (let index = first; index < end; index++) {
      if (rowOf[index]! < 0) continue;
      this.rows[length] = rowOf[index]!;
      this.hashes[length] = hashes[index]!;
      this.indexes[length++] = index;
    }
    return length;
  }

  private insertExtremes(
    selection: ExtremeSelection,
    store: number,
    candidates: CandidateList,
    { values, document, firstToken }: WindowRows,
  ): void {
    for (let i = 0; i < candidates.count; i++) {
      const { neuron, row } = candidateOf(candidates.entries[i]!);
      const index = this.indexes[row]!;
      const value = values[this.rows[row]! * this.neurons + neuron]!;
      const slot = selection.insert(neuron, value, document, firstToken + index);
      if (slot >= 0) this.documents.fill(store, neuron, slot, index);
    }
  }

  private insertSamples({ values, document, firstToken }: WindowRows): void {
    const { entries, count } = this.reduction.sample;
    const { exponent } = this.reduction.state;
    for (let i = 0; i < count; i++) {
      const { neuron, row } = candidateOf(entries[i]!);
      const value = values[this.rows[row]! * this.neurons + neuron]!;
      this.samples.fit(neuron, exponent[neuron]!);
      const superBin = binOf(value, exponent[neuron]!) >> 4;
      const token = firstToken + this.indexes[row]!;
      this.samples.insert(neuron, superBin, this.hashes[row]!, value, document, token);
    }
    // Contexts come last: of the many candidates of a first block few are still there in the end.
    for (let i = 0; i < count; i++) {
      const { neuron, row } = candidateOf(entries[i]!);
      const value = values[this.rows[row]! * this.neurons + neuron]!;
      const superBin = binOf(value, exponent[neuron]!) >> 4;
      const index = this.indexes[row]!;
      const slot = this.samples.find(neuron, superBin, document, firstToken + index);
      if (slot >= 0) this.documents.fill(SAMPLES, neuron, slot, index);
    }
  }

  private insertRandom({ values, document, firstToken }: WindowRows, length: number): void {
    for (let i = 0; i < length; i++) {
      const token = firstToken + this.indexes[i]!;
      this.random.insert(this.hashes[i]!, document, token, values, this.rows[i]!);
    }
  }
}
