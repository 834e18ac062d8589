import { mergeSiteSummaries } from '../../stats/mergeSummaries';
import { EMPTY_SLOT, RANDOM_COUNT, type ExcludedCounts, type NeuronSummary } from '../../stats/siteSummary';
import { damagedProfile } from '../damagedProfile';
import { documentsFile } from '../profileFiles';
import type { DocumentRow } from '../texts/documentRow';
import { addExcluded, compareKeys } from './mergedSegment';
import type { StoredSegment } from './storedSegment';

/** One neuron over a whole profile. */
export interface StoredNeuron {
  readonly summary: NeuronSummary;
  readonly excluded: ExcludedCounts;
  /** The document that the neuron's places number so. */
  readonly documentAt: (number: number) => DocumentRow;
}

/** A document that a neuron refers to: its row in the table of one of the segments. */
interface Reference {
  readonly key: string;
  readonly segment: StoredSegment;
  readonly row: number;
}

/** Reads a neuron's row of every segment and merges them. @param segments at least one. */
export async function readNeuron(
  segments: readonly StoredSegment[],
  table: number,
  neuron: number,
): Promise<StoredNeuron> {
  const rows = await Promise.all(segments.map((segment) => segment.neuron(table, neuron)));
  const summaries = withLowestHashes(rows.map(({ summary }) => summary));
  const references = summaries.map((summary, i) => referencesOf(summary, segments[i]!));
  const byKey = new Map(references.flat().map((reference) => [reference.key, reference]));
  const documents = [...byKey.values()].sort((a, b) => compareKeys(a.key, b.key));
  const numbers = new Map(documents.map(({ key }, number) => [key, number]));
  const maps = segments.map((segment, i) => {
    const map = new Uint32Array(segment.documents.length);
    for (const { key, row } of references[i]!) map[row] = numbers.get(key)!;
    return map;
  });
  return {
    summary: mergeSiteSummaries(summaries, maps),
    excluded: addExcluded(rows.map(({ excluded }) => excluded)),
    documentAt: (number) => {
      const { segment, row } = documents[number]!;
      return segment.documents.row(row);
    },
  };
}

/** Leaves out random places that cannot be among the 256 of lowest hash: their documents need not be looked up. */
function withLowestHashes(summaries: readonly NeuronSummary[]): NeuronSummary[] {
  const hashes = summaries.flatMap(({ random }) => [...random.hash.subarray(0, random.count)]);
  const limit = Uint32Array.from(hashes).sort()[RANDOM_COUNT - 1] ?? Infinity;
  return summaries.map((summary) => {
    const { random } = summary;
    let count = random.count;
    while (count > 0 && random.hash[count - 1]! > limit) count -= 1;
    return { ...summary, random: { ...random, count } };
  });
}

function referencesOf({ top, bottom, samples, random }: NeuronSummary, segment: StoredSegment): Reference[] {
  const { documents, folder } = segment;
  const rows = new Set([
    ...top.document,
    ...bottom.document,
    ...samples.document,
    ...random.document.subarray(0, random.count),
  ]);
  rows.delete(EMPTY_SLOT);
  return Array.from(rows, (row) => {
    if (row >= documents.length) {
      throw damagedProfile(documentsFile(folder), 'it has fewer documents than the neurons refer to');
    }
    return { key: documents.key(row), segment, row };
  });
}
