import type { BlockReduction } from '../../core/stats/blockReduction';
import { bufferBytes, KernelMemory, type PlacedState, stateBytes } from './kernelMemory';
import { SimdReduction } from './simdReduction';

/**
 * The memory of a run's reductions, and the buffers in it that onnxruntime writes into (OutputBuffers), so that
 * activations are read where they were written. What does not fit takes ordinary memory and is copied block by block.
 */
export class ReductionGround {
  private memory: KernelMemory | undefined;
  private readonly buffers: Float32Array[] = [];
  /** States given back, by neurons. */
  private readonly spare = new Map<number, PlacedState[]>();

  /**
   * Sets the memory up; to be called once, before the first batch.
   * @param widths neurons of each of the run's outputs.
   * @param positions most positions of a batch, padding included.
   */
  reserve(widths: readonly number[], positions: number): void {
    const bytes = widths.reduce((sum, width) => sum + stateBytes(width) + bufferBytes(width * positions), 0);
    this.memory = new KernelMemory(Math.max(...widths), bytes);
    widths.forEach((width, slot) => {
      const buffer = this.memory!.allocateBuffer(width * positions);
      if (buffer) this.buffers[slot] = buffer;
    });
  }

  /** `length` floats for one of a run's outputs; valid until the slot is asked for again. */
  take(slot: number, length: number): Float32Array {
    let buffer = this.buffers[slot];
    if (!buffer || buffer.length < length) {
      buffer = new Float32Array(length);
      this.buffers[slot] = buffer;
    }
    return buffer.subarray(0, length);
  }

  /** A reduction of a new state, in the run's memory if there is room, else in one of its own. */
  createReduction(neurons: number): BlockReduction {
    const spare = this.spare.get(neurons)?.pop() ?? this.memory?.allocateState(neurons);
    if (this.memory && spare) {
      return new SimdReduction(this.memory, spare, (placed) => {
        this.spare.set(neurons, [...(this.spare.get(neurons) ?? []), placed]);
      });
    }
    const own = new KernelMemory(neurons, stateBytes(neurons));
    return new SimdReduction(own, own.allocateState(neurons)!, () => undefined);
  }
}
