import type { SegmentDraft, WrittenSegment } from '../profile/profileFolder';
import { mergeSegments } from '../profile/segments/mergedSegment';
import type { Segment } from '../profile/segments/segment';
import type { SiteAccumulator } from '../stats/siteAccumulator';
import { documentTable } from '../profile/texts/documentTable';
import { isBegun, type DocumentRow } from '../profile/texts/documentRow';
import type { BatchReduction } from './batchReduction';
import { heldOf, type OpenDocument } from './openDocument';

/** The segment that a run is adding to: accumulators in memory, and what an earlier run left of it on disk. */
export class RunningSegment {
  /** Documents in the order of their keys, with what of them is done. */
  private readonly rows: DocumentRow[] = [];
  private tokensDone: number;

  constructor(
    private readonly accumulators: readonly SiteAccumulator[],
    readonly reduction: BatchReduction,
    readonly base: WrittenSegment | null,
  ) {
    this.tokensDone = base?.entry.tokens ?? 0;
  }

  /** @returns the number of a new document; they must come in the order of their keys. */
  addDocument(row: Omit<DocumentRow, 'held'>): number {
    return this.rows.push({ ...row, held: [] }) - 1;
  }

  /** Counts documents of which all planned windows have been run. */
  complete(documents: readonly OpenDocument[]): void {
    for (const document of documents) {
      this.tokensDone += tokensOf(document);
      this.note(document, document.whole);
    }
  }

  /** Tokens of text that are done, those of the base included. */
  get tokens(): number {
    return this.tokensDone;
  }

  /** Those of documents that are under way included. */
  tokensWith(open: readonly OpenDocument[]): number {
    return open.reduce((sum, document) => sum + tokensOf(document), this.tokensDone);
  }

  /**
   * @param open documents that are under way: what is done of them is part of the draft.
   * @returns null where nothing came to what the segment goes on from
   */
  draft(open: readonly OpenDocument[] = []): SegmentDraft | null {
    for (const document of open) this.note(document, false);
    if (!this.rows.some(isBegun)) return null;
    const live: Segment = {
      documents: documentTable([...this.rows]),
      table: (index) =>
        Promise.resolve({
          summary: this.accumulators[index]!.summary(),
          excluded: this.reduction.excluded[index]!,
        }),
    };
    return {
      segment: this.base ? mergeSegments([this.base.segment, live]) : live,
      tokens: this.tokensWith(open),
    };
  }

  /** Gives its accumulators' memory to the next segment; drafts made before must have been written. */
  release(): void {
    for (const accumulator of this.accumulators) accumulator.release();
  }

  private note(document: OpenDocument, isWhole: boolean): void {
    const { held } = heldOf(document, isWhole);
    this.rows[document.number] = { ...this.rows[document.number]!, held };
  }
}

function tokensOf(document: OpenDocument): number {
  const done = document.windows.slice(0, document.windowsDone);
  return done.reduce((sum, { ownedStart, ownedEnd }) => sum + ownedEnd - ownedStart, 0);
}
