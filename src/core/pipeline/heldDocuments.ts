import type { SegmentEntry } from '../profile/manifest';
import type { DocumentRow } from '../profile/texts/documentRow';
import type { DocumentTable } from '../profile/texts/documentTable';
import { HeldUnits, type Unit } from '../profile/units';

/** What earlier runs have done of a corpus. */
export class HeldDocuments {
  readonly units = new HeldUnits([]);
  /** Tokens of text that are held. */
  readonly tokens: number;
  /** Number of the first text part that is free. */
  readonly nextTextPart: number;
  private readonly tokenCounts = new Map<string, number>();
  private readonly started = new Map<string, DocumentRow>();

  constructor(segments: readonly { readonly entry: SegmentEntry; readonly documents: DocumentTable }[]) {
    this.tokens = segments.reduce((sum, { entry }) => sum + entry.tokens, 0);
    const rows = segments.flatMap(({ documents }) =>
      Array.from({ length: documents.length }, (_, number) => documents.row(number)),
    );
    for (const row of rows) this.units.add(row);
    let lastPart = -1;
    for (const row of rows) {
      lastPart = Math.max(lastPart, row.part);
      if (this.units.holds(row.key)) this.tokenCounts.set(row.key, row.tokenCount);
      else this.started.set(row.key, row);
    }
    this.nextTextPart = lastPart + 1;
  }

  /** Takes note of what this run has done. */
  add(unit: Unit): void {
    this.units.add(unit);
  }

  /** Tokens of a document that is held whole, else null. */
  tokensOf(key: string): number | null {
    return this.tokenCounts.get(key) ?? null;
  }

  /** Keys of the documents that are held in part. */
  get startedKeys(): Iterable<string> {
    return this.started.keys();
  }

  /** Where the text of a document that is held in part is kept already, else null. */
  startedRow(key: string): DocumentRow | null {
    return this.started.get(key) ?? null;
  }
}
