import { damagedProfile } from '../damagedProfile';
import { documentsFile } from '../profileFiles';
import { mergeSiteSummaries } from '../../stats/mergeSummaries';
import { EMPTY_SLOT, type ExcludedCounts, type NeuronSummary } from '../../stats/siteSummary';
import type { DocumentRow } from '../texts/documentRow';
import { addExcluded, compareKeys } from './mergedSegment';
import type { NeuronRow, StoredSegment } from './storedSegment';

/** One neuron over a whole profile. Its places number the documents that it refers to. */
export interface StoredNeuron {
  readonly summary: NeuronSummary;
  readonly excluded: ExcludedCounts;
  readonly documents: readonly DocumentRow[];
}

/** Reads a neuron's row of every segment and merges them. @param segments at least one. */
export async function readNeuron(
  segments: readonly StoredSegment[],
  table: number,
  neuron: number,
): Promise<StoredNeuron> {
  const rows = await Promise.all(segments.map((segment) => segment.neuron(table, neuron)));
  const referred = rows.map((row, i) => referredDocuments(row, segments[i]!));
  const byKey = new Map(referred.flat().map(({ row }) => [row.key, row]));
  const documents = [...byKey.values()].sort((a, b) => compareKeys(a.key, b.key));
  const numbers = new Map(documents.map(({ key }, number) => [key, number]));
  const maps = segments.map((segment, i) => {
    const map = new Uint32Array(segment.documents.length);
    for (const { number, row } of referred[i]!) map[number] = numbers.get(row.key)!;
    return map;
  });
  return {
    summary: mergeSiteSummaries(
      rows.map(({ summary }) => summary),
      maps,
    ),
    excluded: addExcluded(rows.map(({ excluded }) => excluded)),
    documents,
  };
}

function referredDocuments(
  { summary }: NeuronRow,
  { documents, folder }: StoredSegment,
): { number: number; row: DocumentRow }[] {
  const { top, bottom, samples, random } = summary;
  const numbers = new Set([
    ...top.document,
    ...bottom.document,
    ...samples.document,
    ...random.document.subarray(0, random.count),
  ]);
  numbers.delete(EMPTY_SLOT);
  return [...numbers].map((number) => {
    if (number >= documents.length) {
      throw damagedProfile(documentsFile(folder), 'it has fewer documents than the neurons refer to');
    }
    return { number, row: documents.row(number) };
  });
}
