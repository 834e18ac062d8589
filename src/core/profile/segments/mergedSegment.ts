import { mergeSiteSummaries } from '../../stats/mergeSummaries';
import type { ExcludedCounts } from '../../stats/siteSummary';
import { documentTable, type DocumentTable } from '../texts/documentTable';
import type { DocumentRow } from '../texts/documentRow';
import { joinHeld } from '../units';
import type { Segment, TableSummary } from './segment';

/**
 * Several segments as one, which is computed table by table. Units must not overlap; a document of which they hold
 * different tokens is one document of the result.
 * @param parts at least one.
 */
export function mergeSegments(parts: readonly Segment[]): Segment {
  const [only] = parts;
  if (only && parts.length === 1) return only;
  const { rows, maps } = mergeDocuments(parts.map(({ documents }) => documents));
  return {
    documents: documentTable(rows),
    table: async (index) => {
      // One by one, so that no more than three tables are in memory however many parts there are.
      let merged: TableSummary | null = null;
      for (const [i, part] of parts.entries()) {
        const table = await part.table(index);
        merged = merged ? addTable(merged, table, rows.length, maps[i]!) : addTable(null, table, 0, maps[i]!);
      }
      return merged!;
    },
  };
}

/** @param merged of the parts before, by numbers of the result; its documents are so many at most. */
function addTable(
  merged: TableSummary | null,
  table: TableSummary,
  documents: number,
  map: Uint32Array,
): TableSummary {
  if (!merged)
    return { summary: mergeSiteSummaries([table.summary], [map]), excluded: { ...table.excluded } };
  const unchanged = Uint32Array.from({ length: documents }, (_, number) => number);
  return {
    summary: mergeSiteSummaries([merged.summary, table.summary], [unchanged, map]),
    excluded: addExcluded([merged.excluded, table.excluded]),
  };
}

/** @returns the documents of all tables sorted by key, and for each table the new number of each of its rows. */
function mergeDocuments(tables: readonly DocumentTable[]): {
  rows: DocumentRow[];
  maps: Uint32Array[];
} {
  const byKey = new Map<string, DocumentRow>();
  for (const table of tables) {
    for (let row = 0; row < table.length; row++) {
      const document = table.row(row);
      const known = byKey.get(document.key);
      byKey.set(document.key, known ? { ...known, held: joinHeld(known.held, document.held) } : document);
    }
  }
  const rows = [...byKey.values()].sort((a, b) => compareKeys(a.key, b.key));
  const numbers = new Map(rows.map(({ key }, number) => [key, number]));
  const maps = tables.map((table) =>
    Uint32Array.from({ length: table.length }, (_, row) => numbers.get(table.key(row))!),
  );
  return { rows, maps };
}

export function addExcluded(parts: readonly ExcludedCounts[]): ExcludedCounts {
  const sum = { special: 0, pad: 0, firstPosition: 0, sink: 0 };
  for (const part of parts) {
    sum.special += part.special;
    sum.pad += part.pad;
    sum.firstPosition += part.firstPosition;
    sum.sink += part.sink;
  }
  return sum;
}

/** The order of document keys: by UTF-16 code units, the same on every machine. */
export function compareKeys(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
