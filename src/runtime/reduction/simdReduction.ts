import {
  type BlockReduction,
  type CandidateList,
  clearReductionState,
  type ReductionState,
} from '../../core/stats/blockReduction';
import { BLOCK_LENGTH } from '../../core/stats/siteSummary';
import type { KernelMemory, PlacedState, ScratchName } from './kernelMemory';

/** The reduction in WebAssembly SIMD. It reads activations in place where they lie in its memory, else copies them. */
export class SimdReduction implements BlockReduction {
  readonly state: ReductionState;
  readonly top: CandidateList;
  readonly bottom: CandidateList;
  readonly sample: CandidateList;
  private readonly addresses: Uint32Array;
  private readonly hashes: Uint32Array;
  private readonly copies: Float32Array;

  /** @param onRelease told when the state may serve another reduction. */
  constructor(
    private readonly memory: KernelMemory,
    private readonly placed: PlacedState,
    private readonly onRelease: (placed: PlacedState) => void,
  ) {
    this.state = placed.state;
    clearReductionState(this.state);
    this.top = new CandidatesInMemory(memory, 'top', memory.widest);
    this.bottom = new CandidatesInMemory(memory, 'bottom', memory.widest);
    this.sample = new CandidatesInMemory(memory, 'sample', memory.widest * BLOCK_LENGTH);
    const { buffer, scratch, widest } = memory;
    this.addresses = new Uint32Array(buffer, scratch.rows, BLOCK_LENGTH);
    this.hashes = new Uint32Array(buffer, scratch.hashes, BLOCK_LENGTH);
    this.copies = new Float32Array(buffer, scratch.copies, widest * BLOCK_LENGTH);
  }

  reduce(values: Float32Array, rows: Int32Array, hashes: Uint32Array, length: number): void {
    const { neurons } = this.state;
    const inPlace = values.buffer === this.memory.buffer;
    for (let i = 0; i < length; i++) {
      const first = rows[i]! * neurons;
      if (!inPlace) this.copies.set(values.subarray(first, first + neurons), i * neurons);
      this.addresses[i] = inPlace ? values.byteOffset + 4 * first : this.copies.byteOffset + 4 * i * neurons;
      this.hashes[i] = hashes[i]!;
    }
    this.memory.reduceBlock(this.placed.address, this.memory.scratchAddress, neurons, length);
  }

  release(): void {
    this.onRelease(this.placed);
  }
}

/** A list that the kernel writes: its first word counts the entries. */
class CandidatesInMemory implements CandidateList {
  readonly entries: Uint32Array;
  private readonly counter: Uint32Array;

  constructor(memory: KernelMemory, name: ScratchName, capacity: number) {
    this.counter = new Uint32Array(memory.buffer, memory.scratch[name], 1);
    this.entries = new Uint32Array(memory.buffer, memory.scratch[name] + 4, capacity);
  }

  get count(): number {
    return this.counter[0]!;
  }
}
