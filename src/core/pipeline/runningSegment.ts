import type { SegmentDraft } from '../profile/profileFolder';
import { mergeSegments } from '../profile/segments/mergedSegment';
import type { Segment } from '../profile/segments/segment';
import type { StoredSegment } from '../profile/segments/storedSegment';
import type { SegmentEntry } from '../profile/manifest';
import type { SiteAccumulator } from '../stats/siteAccumulator';
import { documentTable } from '../profile/texts/documentTable';
import type { DocumentRow } from '../profile/texts/documentRow';
import type { BatchReduction } from './batchReduction';
import { rangeDone, type OpenDocument } from './openDocument';
import { HeldUnits, unitName } from '../profile/units';

/** A segment of an earlier run that this one goes on with. */
export interface SegmentBase {
  readonly entry: SegmentEntry;
  readonly segment: StoredSegment;
}

/** The segment that a run is adding to: accumulators in memory, and what an earlier run left of it on disk. */
export class RunningSegment {
  private readonly rows: DocumentRow[] = [];
  /** Units of documents of which all tokens are done, and of other parts that are held. */
  private readonly doneUnits: Set<string>;
  private tokensDone: number;

  constructor(
    private readonly accumulators: readonly SiteAccumulator[],
    readonly reduction: BatchReduction,
    readonly base: SegmentBase | null,
  ) {
    this.doneUnits = new Set(base?.entry.units);
    this.tokensDone = base?.entry.tokens ?? 0;
  }

  /** @returns the number of a new document; they must come in the order of their keys. */
  addDocument(row: DocumentRow): number {
    return this.rows.push(row) - 1;
  }

  /** Counts documents of which all planned windows have been run. */
  complete(documents: readonly OpenDocument[]): void {
    for (const document of documents) {
      const range = rangeDone(document);
      if (range === null) continue;
      this.tokensDone += tokensOf(document);
      if (document.whole) {
        this.forget(document.key);
        this.doneUnits.add(unitName(document.key, null));
      } else this.doneUnits.add(unitName(document.key, range));
    }
  }

  /** Tokens of text that are done, those of the base included. */
  get tokens(): number {
    return this.tokensDone;
  }

  get isEmpty(): boolean {
    return this.tokensDone === 0 && this.rows.length === 0;
  }

  /** @param open documents that are under way: what is done of them is part of the draft. */
  draft(open: readonly OpenDocument[] = []): SegmentDraft {
    const partial = open.flatMap((document) => {
      const range = rangeDone(document);
      return range === null ? [] : [unitName(document.key, range)];
    });
    const tokens = open.reduce((sum, document) => sum + tokensOf(document), this.tokensDone);
    const live: Segment = {
      documents: documentTable(this.rows),
      table: (index) =>
        Promise.resolve({
          summary: this.accumulators[index]!.summary(),
          excluded: this.reduction.excluded[index]!,
        }),
    };
    return {
      segment: this.base ? mergeSegments([this.base.segment, live]) : live,
      units: [...this.doneUnits, ...partial],
      tokens,
    };
  }

  /** Gives its accumulators' memory to the next segment; drafts made before must have been written. */
  release(): void {
    for (const accumulator of this.accumulators) accumulator.release();
  }

  /** Parts of a document that is now whole need no mention. */
  private forget(key: string): void {
    for (const unit of this.doneUnits) {
      if (unit.startsWith(`${key}[`) && new HeldUnits([unit]).knows(key)) this.doneUnits.delete(unit);
    }
  }
}

function tokensOf(document: OpenDocument): number {
  const done = document.windows.slice(0, document.windowsDone);
  return done.reduce((sum, { ownedStart, ownedEnd }) => sum + ownedEnd - ownedStart, 0);
}
