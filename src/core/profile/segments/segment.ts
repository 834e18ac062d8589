import type { ExcludedCounts, SiteSummary } from '../../stats/siteSummary';
import type { DocumentTable } from '../texts/documentTable';

/** One table of a segment: the summary of all its neurons, and what was left out of it. */
export interface TableSummary {
  readonly summary: SiteSummary;
  readonly excluded: ExcludedCounts;
}

/**
 * The exact summary of some units: a folder on disk, the accumulators of a run, or several of these merged.
 * Tables are asked for one by one, so that only one need be in memory.
 */
export interface Segment {
  readonly documents: DocumentTable;
  /** @param index of the table in `sites.json`. Valid until the next call. */
  table(index: number): Promise<TableSummary>;
}
