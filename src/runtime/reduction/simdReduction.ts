import type { BlockReduction, OpenPlaces, Selections } from '../../core/stats/blockReduction';
import type { Distributions } from '../../core/stats/siteSummary';
import type { WindowRows } from '../../core/stats/windowRows';
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

  reduce(window: WindowRows, before: Float32Array | null): OpenPlaces {
    const { part } = this.memory;
    const { address, neurons } = this.site;
    part.forgetOpen();
    const size = part.sizeFor(window);
    for (let first = 0; first < window.tokenCount; first += size) {
      part.lay(window, before, first, Math.min(size, window.tokenCount - first), neurons);
      this.memory.reducePart(address, neurons);
    }
    return part.open;
  }

  release(): void {
    this.onRelease(this.site);
  }
}
