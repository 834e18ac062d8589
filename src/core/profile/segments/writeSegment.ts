import type { FileStore } from '../fileStore';
import { documentsFile, populationFile, summaryFile } from '../profileFiles';
import type { ProfiledTable } from '../profiledTable';
import { encodeTable } from '../table/encodeTable';
import { encodeDocuments } from '../texts/documentTable';
import { POPULATION_LAYOUT, populationColumns, type PopulationRow } from './populationTable';
import type { Segment } from './segment';
import { columnsOf, SUMMARY_LAYOUT } from './summaryColumns';

/** Waiting for the disk, table after table, took longer than summing up and encoding them. */
const WRITES_AT_ONCE = 3;

/**
 * Writes a segment's folder, table by table. It counts for readers only once a manifest names it.
 */
export async function writeSegment(
  store: FileStore,
  folder: string,
  tables: readonly ProfiledTable[],
  segment: Segment,
): Promise<void> {
  const populations = await writeTables(store, folder, tables, segment);
  await store.write(
    populationFile(folder),
    await encodeTable(POPULATION_LAYOUT, populationColumns(populations), tables.length),
  );
  const { documents } = segment;
  const rows = Array.from({ length: documents.length }, (_, row) => documents.row(row));
  await store.write(documentsFile(folder), await encodeDocuments(rows));
}

/** A few writes are under way while the next table is summed up; none is when this returns or throws. */
async function writeTables(
  store: FileStore,
  folder: string,
  tables: readonly ProfiledTable[],
  segment: Segment,
): Promise<PopulationRow[]> {
  const populations: PopulationRow[] = [];
  const pending: Promise<void>[] = [];
  try {
    for (const [index, { site, quantity }] of tables.entries()) {
      const { summary, excluded } = await segment.table(index);
      const bytes = await encodeTable(SUMMARY_LAYOUT, columnsOf(summary), summary.neurons);
      if (pending.length === WRITES_AT_ONCE) await pending.shift();
      const write = store.write(summaryFile(folder, site, quantity), bytes);
      // Its failure is looked at later; until then it must not count as one that nobody handles.
      write.catch(() => undefined);
      pending.push(write);
      populations.push({ excluded: { ...excluded }, places: summary.random });
    }
    await Promise.all(pending);
  } finally {
    await Promise.allSettled(pending);
  }
  return populations;
}
