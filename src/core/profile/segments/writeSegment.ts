import type { FileStore } from '../../pipeline/ports';
import { documentsFile, populationFile, summaryFile } from '../profileFiles';
import type { ProfiledTable } from '../profiledTable';
import { encodeTable } from '../table/encodeTable';
import { encodeDocuments } from '../texts/documentTable';
import { POPULATION_LAYOUT, populationColumns, type Population } from './populationTable';
import type { Segment } from './segment';
import { columnsOf, SUMMARY_LAYOUT } from './summaryColumns';

/**
 * Writes a segment's folder, table by table. It counts for readers only once a manifest names it.
 */
export async function writeSegment(
  store: FileStore,
  folder: string,
  tables: readonly ProfiledTable[],
  segment: Segment,
): Promise<void> {
  const populations: Population[] = [];
  for (const [index, { site, quantity }] of tables.entries()) {
    const { summary, excluded } = await segment.table(index);
    await store.write(
      summaryFile(folder, site, quantity),
      await encodeTable(SUMMARY_LAYOUT, columnsOf(summary), summary.neurons),
    );
    populations.push({ excluded: { ...excluded }, places: summary.random });
  }
  await store.write(
    populationFile(folder),
    await encodeTable(POPULATION_LAYOUT, populationColumns(populations), tables.length),
  );
  const { documents } = segment;
  const rows = Array.from({ length: documents.length }, (_, row) => documents.row(row));
  await store.write(documentsFile(folder), await encodeDocuments(rows));
}
