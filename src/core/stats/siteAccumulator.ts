import type { BlockReduction } from './blockReduction';
import { OpenDocuments } from './openDocuments';
import { RandomSelection } from './randomSelection';
import type { SiteSummary } from './siteSummary';
import type { Stretch } from './stretch';

/** Sums one quantity of one site up, batch by batch (docs/methods.md, Statistics and Examples). */
export interface SiteAccumulator {
  /**
   * Begins to add the tokens of a batch, one stretch a document: other sites' may be added at the same time. In which
   * order documents and batches come changes nothing but the last bits of the moments.
   */
  start(stretches: readonly Stretch[]): void;
  /** Waits until they are added. Until then the tensor must stay as it is. */
  finish(): void;
  /**
   * The summary of what was added so far. It shares its arrays with the accumulator: write or copy it before the
   * next `start`.
   */
  summary(): SiteSummary;
  /** Gives memory back to the next accumulator; neither this one nor its summaries may be used afterwards. */
  release(): void;
}

/** @param reduction what reads the activations; it must have seen none. */
export function createSiteAccumulator(reduction: BlockReduction): SiteAccumulator {
  return new Accumulator(reduction);
}

class Accumulator implements SiteAccumulator {
  private readonly random: RandomSelection;
  private readonly documents: OpenDocuments;
  private stretches: readonly Stretch[] = [];

  constructor(private readonly reduction: BlockReduction) {
    const { neurons } = reduction.distributions;
    this.random = new RandomSelection(neurons);
    this.documents = new OpenDocuments(neurons, reduction.selections);
  }

  start(stretches: readonly Stretch[]): void {
    this.stretches = stretches;
    this.reduction.start(stretches.map((stretch) => ({ ...stretch, before: this.documents.enter(stretch) })));
    for (const stretch of stretches) this.insertRandom(stretch);
  }

  finish(): void {
    const open = this.reduction.finish();
    for (const stretch of this.stretches) this.documents.leave(stretch);
    this.documents.await(open);
    this.stretches = [];
  }

  summary(): SiteSummary {
    this.reduction.sortExamples();
    const { top, bottom, samples } = this.reduction.selections;
    return {
      ...this.reduction.distributions,
      top: top.store,
      bottom: bottom.store,
      samples: samples.store,
      random: this.random.places(),
    };
  }

  release(): void {
    this.reduction.release();
  }

  private insertRandom({ values, rowOf, hashes, document, firstToken }: Stretch): void {
    for (let index = 0; index < rowOf.length; index++) {
      if (rowOf[index]! < 0) continue;
      this.random.insert(hashes[index]!, document, firstToken + index, values, rowOf[index]!);
    }
  }
}
