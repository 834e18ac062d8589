import type { BlockReduction, EnteredStretch, OpenPlaces, Selections } from '../../core/stats/blockReduction';
import type { Distributions } from '../../core/stats/siteSummary';
import { blocksOf, type TokenBlock } from './blockLayout';
import { ENTRIES, type Kernel } from './kernel';
import type { KernelScratch } from './kernelScratch';
import type { SiteMemory } from './siteMemory';

const REDUCE = ENTRIES.indexOf('reduceBlocks');
const SORT = ENTRIES.indexOf('sortExamples');

/** Where a site is reduced. */
export interface PooledSite {
  readonly site: SiteMemory;
  readonly kernel: Kernel;
  /** Of the site alone where the kernel runs elsewhere. */
  readonly scratch: KernelScratch;
  /** Where activations are brought to for a kernel that runs elsewhere, as onnxruntime cannot write them there. */
  readonly inbox: Float32Array | null;
}

/** The reduction in WebAssembly SIMD. It reads activations in place where they lie in its memory, else copies them. */
export class SimdReduction implements BlockReduction {
  readonly distributions: Distributions;
  readonly selections: Selections;
  private blocks: (readonly [EnteredStretch, TokenBlock])[] = [];
  /** How many of `blocks` have been laid out. */
  private laid = 0;
  private open: number[] = [];

  /** @param onRelease told when the site may serve another reduction. */
  constructor(
    private readonly pooled: PooledSite,
    private readonly onRelease: () => void,
  ) {
    const { site } = pooled;
    site.clear();
    this.distributions = site.distributions;
    this.selections = site.selections;
  }

  start(stretches: readonly EnteredStretch[]): void {
    const near = this.bringNear(stretches);
    this.blocks = near.flatMap((stretch) => [...blocksOf(stretch)].map((block) => [stretch, block] as const));
    this.laid = 0;
    this.open = [];
    this.startNext();
    if (!this.pooled.kernel.elsewhere) this.finish();
  }

  finish(): OpenPlaces {
    const { kernel, scratch } = this.pooled;
    while (scratch.layout.count > 0) {
      kernel.finish();
      scratch.layout.takeOpen(this.open);
      this.startNext();
    }
    return this.open;
  }

  sortExamples(): void {
    const { site, kernel, scratch } = this.pooled;
    kernel.start([SORT, site.address, scratch.address, site.neurons, 0]);
    kernel.finish();
  }

  release(): void {
    this.onRelease();
  }

  /** Lays out as many blocks as the kernel takes at once, and has them reduced. */
  private startNext(): void {
    const { site, kernel, scratch } = this.pooled;
    const { layout } = scratch;
    layout.begin(site.neurons);
    for (; this.laid < this.blocks.length; this.laid++) {
      const [stretch, block] = this.blocks[this.laid]!;
      if (!layout.hasRoomFor(stretch)) break;
      layout.add(stretch, block);
    }
    if (layout.count > 0) kernel.start([REDUCE, site.address, scratch.address, site.neurons, layout.count]);
  }

  private bringNear(stretches: readonly EnteredStretch[]): readonly EnteredStretch[] {
    const { inbox } = this.pooled;
    const values = stretches[0]?.values;
    if (!inbox || !values || values.length > inbox.length) return stretches;
    inbox.set(values);
    return stretches.map((stretch) => ({ ...stretch, values: inbox }));
  }
}
