import type { BlockReduction } from '../../core/stats/blockReduction';
import { bufferBytes, KernelMemory } from './kernelMemory';
import { SimdReduction } from './simdReduction';
import { siteBytes, SiteMemory } from './siteMemory';

/**
 * The memory of a run's reductions, and the buffers in it that onnxruntime writes into (OutputBuffers), so that
 * activations are read where they were written. What does not fit takes ordinary memory and is copied block by block.
 */
export class ReductionGround {
  private memory: KernelMemory | undefined;
  private readonly buffers: Float32Array[] = [];
  /** Memory of sites that no reduction holds, by neurons. */
  private readonly spare = new Map<number, SiteMemory[]>();

  /**
   * Sets the memory up; to be called once, before the first batch.
   * @param widths neurons of each of the run's outputs.
   * @param positions most positions of a batch, padding included.
   */
  reserve(widths: readonly number[], positions: number): void {
    const bytes = widths.reduce((sum, width) => sum + siteBytes(width) + bufferBytes(width * positions), 0);
    const memory = new KernelMemory(Math.max(...widths), bytes);
    this.memory = memory;
    for (const width of widths) this.giveBack(SiteMemory.within(memory, width));
    widths.forEach((width, slot) => {
      const buffer = memory.allocateBuffer(width * positions);
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

  /** A reduction that has seen nothing, in the run's memory if a site's is left there, else in one of its own. */
  createReduction(neurons: number): BlockReduction {
    const spare = this.spare.get(neurons)?.pop();
    if (this.memory && spare) return new SimdReduction(this.memory, spare, (site) => this.giveBack(site));
    const own = new KernelMemory(neurons, siteBytes(neurons));
    return new SimdReduction(own, SiteMemory.within(own, neurons)!, () => undefined);
  }

  private giveBack(site: SiteMemory | null): void {
    if (site === null) return;
    this.spare.set(site.neurons, [...(this.spare.get(site.neurons) ?? []), site]);
  }
}
