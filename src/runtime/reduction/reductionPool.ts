import type { BlockReduction } from '../../core/stats/blockReduction';
import { kernelHere } from './kernel';
import { bufferBytes, KernelMemory } from './kernelMemory';
import { KernelScratch, scratchBytes } from './kernelScratch';
import { kernelOn, KernelThread } from './kernelThread';
import { SimdReduction, type PooledSite } from './simdReduction';
import { siteBytes, SiteMemory } from './siteMemory';

/** Threads that reduce at the same time, this one included: more would wait for the memory and for each other. */
const MOST_THREADS = 4;

/**
 * Where a run's sites are reduced: the first of them on other threads, the others on this one. These are read where
 * onnxruntime writes them, as it is given the buffers of their memory (OutputBuffers). What does not fit takes
 * ordinary memory and is copied block by block.
 */
export class ReductionPool {
  private readonly buffers: Float32Array[] = [];
  private readonly threads: KernelThread[] = [];
  /** Sites that no reduction holds, by neurons; those on other threads come first, so that they begin first. */
  private readonly spare = new Map<number, PooledSite[]>();

  /**
   * Sets the memory up; to be called once, before the first batch.
   * @param widths neurons of each of the run's outputs.
   * @param positions most positions of a batch, padding included.
   * @param threads that the run may use, this one included.
   */
  reserve(widths: readonly number[], positions: number, threads: number): void {
    const used = Math.min(threads, MOST_THREADS, widths.length);
    const here = Math.floor(widths.length / used);
    const elsewhere = widths.slice(0, widths.length - here);
    for (let other = 0; other < used - 1; other++) {
      this.reserveElsewhere(
        elsewhere.filter((_, table) => table % (used - 1) === other),
        positions,
      );
    }
    this.reserveHere(widths.slice(elsewhere.length), elsewhere.length, positions);
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

  /** A reduction that has seen nothing, on a site that was reserved if one is left, else on one of its own. */
  createReduction(neurons: number): BlockReduction {
    const pooled = this.spare.get(neurons)?.shift();
    if (pooled) return new SimdReduction(pooled, () => this.giveBack(pooled));
    return new SimdReduction(siteOfItsOwn(neurons), () => undefined);
  }

  /** Ends the other threads. */
  end(): void {
    for (const thread of this.threads) thread.end();
  }

  private reserveHere(widths: readonly number[], firstSlot: number, positions: number): void {
    const widest = Math.max(...widths);
    const bytes = widths.map((width) => siteBytes(width) + bufferBytes(width * positions));
    const memory = new KernelMemory('own', sum(bytes) + scratchBytes(widest));
    const scratch = new KernelScratch(memory, widest);
    const kernel = kernelHere(memory.memory);
    for (const width of widths) {
      const site = SiteMemory.within(memory, width);
      if (site) this.giveBack({ site, kernel, scratch, inbox: null });
    }
    widths.forEach((width, i) => {
      const buffer = memory.allocateBuffer(width * positions);
      if (buffer) this.buffers[firstSlot + i] = buffer;
    });
  }

  /** Each site has a scratch of its own, so that the next one can be laid out while the kernel runs. */
  private reserveElsewhere(widths: readonly number[], positions: number): void {
    const bytesOf = (width: number) =>
      siteBytes(width) + scratchBytes(width) + bufferBytes(width * positions);
    const memory = new KernelMemory('shared', sum(widths.map(bytesOf)));
    const thread = new KernelThread(memory.memory);
    this.threads.push(thread);
    for (const width of widths) {
      if (bytesOf(width) > memory.free) return;
      this.giveBack({
        site: SiteMemory.within(memory, width)!,
        kernel: kernelOn(thread),
        scratch: new KernelScratch(memory, width),
        inbox: memory.allocateBuffer(width * positions),
      });
    }
  }

  private giveBack(pooled: PooledSite): void {
    const { neurons } = pooled.site;
    this.spare.set(neurons, [...(this.spare.get(neurons) ?? []), pooled]);
  }
}

function siteOfItsOwn(neurons: number): PooledSite {
  const memory = new KernelMemory('own', siteBytes(neurons) + scratchBytes(neurons));
  const scratch = new KernelScratch(memory, neurons);
  const site = SiteMemory.within(memory, neurons)!;
  return { site, scratch, kernel: kernelHere(memory.memory), inbox: null };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
