import type { BlockReduction, EnteredStretch, OpenPlaces, Selections } from '../../core/stats/blockReduction';
import type { Distributions } from '../../core/stats/siteSummary';
import { blocksOf } from './blockLayout';
import type { KernelMemory } from './kernelMemory';
import type { SiteMemory } from './siteMemory';

/** The reduction in WebAssembly SIMD. It reads activations in place where they lie in its memory, else copies them. */
export class SimdReduction implements BlockReduction {
  readonly distributions: Distributions;
  readonly selections: Selections;

  /** @param onRelease told when the site's memory may serve another reduction. */
  constructor(
    private readonly memory: KernelMemory,
    private readonly site: SiteMemory,
    private readonly onRelease: (site: SiteMemory) => void,
  ) {
    site.clear();
    this.distributions = site.distributions;
    this.selections = site.selections;
  }

  reduce(stretches: readonly EnteredStretch[]): OpenPlaces {
    const { layout } = this.memory;
    const open: number[] = [];
    layout.begin(this.site.neurons);
    for (const stretch of stretches) {
      for (const block of blocksOf(stretch)) {
        if (!layout.hasRoomFor(stretch)) this.run(open);
        layout.add(stretch, block);
      }
    }
    this.run(open);
    return open;
  }

  /** Reduces what is laid out, and makes room. @param open takes the places that are left open. */
  private run(open: number[]): void {
    const { layout } = this.memory;
    const { address, neurons } = this.site;
    this.memory.reduceBlocks(address, neurons);
    layout.takeOpen(open);
    layout.begin(neurons);
  }

  release(): void {
    this.onRelease(this.site);
  }
}
